"""What runs inside the environments of the rivals: their settings, and our data in their tables."""
