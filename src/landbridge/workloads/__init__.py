"""The customers' applications, as they run in Lambda: standard library, boto3 and the model, nothing else."""
