"""The page in a real browser; a package, so that all its tests share one browser that ends with them."""
