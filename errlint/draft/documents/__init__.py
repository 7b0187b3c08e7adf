"""What an OpenAPI document says of its errors, as a draft: shapes -> envelopes -> sightings -> entries."""
