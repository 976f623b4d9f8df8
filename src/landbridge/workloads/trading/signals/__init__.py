"""Trading signals over event time: our own engine, and the definitions it shares with the Flink application."""
