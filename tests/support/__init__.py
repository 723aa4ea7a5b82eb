"""What tests stand on: databases, pages, browsers and servers."""
