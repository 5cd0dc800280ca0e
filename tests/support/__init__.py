"""What tests share: real servers, a browser, and a client that checks every page it fetches."""
