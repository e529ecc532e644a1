def drill(seed: int):
    raise NotImplementedError
