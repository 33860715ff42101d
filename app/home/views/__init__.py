"""The front page, pages about the site, signs of life."""
