"""What products send every second: write keys, the endpoint of event SDKs, who is who in it."""
