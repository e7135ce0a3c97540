"""What the file itself may not say."""

from shirube.parameters import parameter, parameters


@parameters
class Parameters:
    """Settings of the reader."""

    columns: int = parameter(2, en="Number of columns.", ja="列の数。", ge=2)
