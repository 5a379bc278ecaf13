"""The page's engine in a browser; a package, so that its page ends with these tests: its loop is in our thread."""
