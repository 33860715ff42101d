"""The two full-text engines behind one interface."""
