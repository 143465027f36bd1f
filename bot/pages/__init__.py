"""What people see and use in a browser: the web chat's API, its pages, and the guards before them."""
