"""`make bench`: how fast pages are, beside what is the most this server and machine can do."""
