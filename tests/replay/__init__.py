"""Real minutes, typed again through the browser by two note takers."""
