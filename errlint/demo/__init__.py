"""An embedded EventML service with chosen faults, its OpenAPI document and its catalog."""
