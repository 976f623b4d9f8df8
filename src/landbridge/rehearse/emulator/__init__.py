"""One region of AWS on this machine: an emulator, and the front door everybody reaches it by."""
