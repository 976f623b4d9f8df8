"""The payments platform's code: payments are accepted by the service, and worked off by the function, each event once."""
