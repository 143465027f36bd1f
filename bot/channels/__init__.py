"""One small adapter for each way people reach us; adapters do not know each other."""
