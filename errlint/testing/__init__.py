"""errlint inside of pytest: what ``errlint.pytest_plugin`` loads when somebody uses it."""
