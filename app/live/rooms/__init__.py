"""Who keeps the rooms: one module for each provider, one list of them in `registry`."""
