"""A generated function as an operation of torch."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any, NoReturn

import torch

from w2v_verified.interop.function import Generated

__all__ = ["operation"]

_FORMATS = (torch.float64, torch.float32)
_HALF = (torch.float16, torch.bfloat16)


def operation(function: Generated) -> Callable[..., torch.Tensor]:
    """The operation; see ``for_torch``."""
    return _Differentiable(function)


class _Differentiable:
    """The operation as it is called; it can be pickled with the model that it is part of."""

    def __init__(self, function: Generated) -> None:
        self.__name__ = self.__qualname__ = function.name
        self.__doc__ = f"``{function.name}`` for tensors of torch; see ``w2v_verified.interop.for_torch``."
        self._function = function

    def __repr__(self) -> str:
        return repr(self._function)

    def _loss(self, *given: Any, **named: Any) -> torch.Tensor:
        function = self._function
        arguments = function.bound(given, named)
        _see(function, arguments)
        return _Operation.apply(function, *_tied(function, arguments))[0]

    # A compiler would put operations of its own in the place of NumPy's.
    __call__: Any = torch.compiler.disable(_loss)


class _Operation(torch.autograd.Function):
    """The loss and its gradients, all computed at once; what is returned of them is the loss."""

    @staticmethod
    def forward(function: Generated, *arguments: Any) -> tuple[torch.Tensor, ...]:
        loss, gradients = function.loss_and_gradients([_numbers(value) for value in arguments])
        dtype, device = _of_loss(arguments)
        of = dict(zip(function.places, gradients, strict=True))
        return (
            torch.tensor(loss, dtype=dtype, device=device),
            *(
                torch.as_tensor(of[place]).to(device, arguments[place].dtype)
                for place in _differentiable(function, arguments)
            ),
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: Sequence[Any], output: tuple[torch.Tensor, ...]) -> None:
        function, *arguments = inputs
        ctx.function = function
        ctx.places = list(_differentiable(function, arguments))
        ctx.shapes = [value.shape if torch.is_tensor(value) else () for value in inputs]
        ctx.mark_non_differentiable(*output[1:])
        ctx.save_for_backward(*output[1:], *(arguments[place] for place in ctx.places))

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor, *_: Any) -> tuple[torch.Tensor | None, ...]:
        saved = ctx.saved_tensors  # to be read once, or checkpointing refuses
        gradients, arguments = saved[: len(ctx.places)], saved[len(ctx.places) :]
        # What no gradient is derived by gets 0 here, and meets the refusal behind it where one is asked for.
        given = [
            upstream.new_zeros(()).expand(shape) if needed else None
            for shape, needed in zip(ctx.shapes, ctx.needs_input_grad, strict=True)
        ]
        for place, gradient in zip(ctx.places, gradients, strict=True):
            scaled = (gradient * upstream.expand(gradient.shape)).to(gradient.dtype)
            tied = _Once.apply(ctx.function.name, scaled, *arguments) if torch.is_grad_enabled() else scaled
            given[1 + place] = tied
        return tuple(given)

    @staticmethod
    def jvp(ctx: Any, *_: Any) -> NoReturn:
        _refuse(ctx.function.name, "forward mode")

    @staticmethod
    def vmap(info: Any, in_dims: Sequence[int | None], function: Generated, *arguments: Any) -> Any:
        """One call for each place, and results without places where there is none."""
        every = [
            _Operation.apply(function, *_at(place, in_dims[1:], arguments))
            for place in range(info.batch_size)
        ]
        together = (
            tuple(torch.stack(parts) for parts in zip(*every, strict=True))
            if every
            else tuple(_no_places(function, in_dims[1:], arguments))
        )
        return together, (0,) * len(together)


class _Underived(torch.autograd.Function):
    """An argument by which no gradient is derived: to ask for one is an error."""

    generate_vmap_rule = True

    @staticmethod
    def forward(name: str, value: torch.Tensor) -> torch.Tensor:
        return value.view_as(value)

    @staticmethod
    def setup_context(ctx: Any, inputs: Sequence[Any], output: Any) -> None:
        ctx.name = inputs[0]

    @staticmethod
    def backward(ctx: Any, *_: Any) -> NoReturn:
        raise TypeError(f"{ctx.name}: expected {ctx.name}.detach(), for no gradient by it is derived")


class _Once(torch.autograd.Function):
    """A gradient, tied to what it was computed from: its own derivative is refused, where it would be taken for 0."""

    @staticmethod
    def forward(name: str, gradient: torch.Tensor, *_: Any) -> torch.Tensor:
        return gradient.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: Sequence[Any], output: Any) -> None:
        ctx.name = inputs[0]

    @staticmethod
    def backward(ctx: Any, *_: Any) -> NoReturn:
        _refuse(ctx.name, "a derivative of its gradients")

    @staticmethod
    def jvp(ctx: Any, *_: Any) -> NoReturn:
        _refuse(ctx.name, "forward mode")

    @staticmethod
    def vmap(
        info: Any, in_dims: Sequence[int | None], name: str, gradient: torch.Tensor, *others: Any
    ) -> Any:
        """All places at once, since nothing is computed."""
        return _Once.apply(name, gradient, *others), in_dims[1]


def _see(function: Generated, arguments: Sequence[Any]) -> None:
    """Refuse what cannot be handed over."""
    device = None
    for name, value in zip(function.names, arguments, strict=True):
        if not torch.is_tensor(value):
            continue
        if value.device.type == "meta":
            raise TypeError(f"{name}: expected a tensor with numbers in it, got one on the device meta")
        if value.layout != torch.strided:
            raise TypeError(f"{name}: expected a dense tensor, got one of {value.layout}")
        if value.is_floating_point():
            if value.dtype not in (*_FORMATS, *_HALF):
                raise TypeError(f"{name}: expected float64, float32, float16 or bfloat16, got {value.dtype}")
            if device not in (None, value.device):
                raise TypeError(
                    f"{name}: expected a tensor on {device} as those before it, got {value.device}"
                )
            device = value.device


def _tied(function: Generated, arguments: Sequence[Any]) -> Iterator[Any]:
    """The arguments; what no gradient is derived by is tied to a refusal."""
    for name, value in zip(function.names, arguments, strict=True):
        asked = _is_floating(value) and value.requires_grad and torch.is_grad_enabled()
        yield _Underived.apply(name, value) if asked and name not in function.gradients else value


def _is_floating(value: Any) -> bool:
    return bool(torch.is_tensor(value) and value.is_floating_point())


def _differentiable(function: Generated, arguments: Sequence[Any]) -> Iterator[int]:
    return (place for place in function.places if _is_floating(arguments[place]))


def _of_loss(arguments: Sequence[Any]) -> tuple[torch.dtype, Any]:
    """The dtype and the device of the loss: those of the floating arguments together."""
    floating = [value for value in arguments if _is_floating(value)]
    if not floating:
        return torch.float64, "cpu"
    return reduce(torch.promote_types, (value.dtype for value in floating)), floating[0].device


def _numbers(value: Any) -> Any:
    """A tensor as NumPy's array, half precision as float32, one index as an int; anything else as it is."""
    if not torch.is_tensor(value):
        return value
    held = value.detach().cpu().resolve_neg()
    if held.is_floating_point():
        return (held if held.dtype in _FORMATS else held.float()).numpy()
    return held.numpy() if held.ndim or held.dtype == torch.bool else held.item()


def _at(place: int, dims: Sequence[int | None], arguments: Sequence[Any]) -> Iterator[Any]:
    for dim, value in zip(dims, arguments, strict=True):
        yield value.select(dim, place) if torch.is_tensor(value) and dim is not None else value


def _no_places(
    function: Generated, dims: Sequence[int | None], arguments: Sequence[Any]
) -> Iterator[torch.Tensor]:
    """The loss and the gradients of a batch of no places, each with an axis of length 0 in front."""
    dtype, device = _of_loss(arguments)
    yield torch.zeros(0, dtype=dtype, device=device)
    for place in _differentiable(function, arguments):
        dim, value = dims[place], arguments[place]
        shape = [size for axis, size in enumerate(value.shape) if axis != dim]
        yield torch.zeros((0, *shape), dtype=value.dtype, device=value.device)


def _refuse(name: str, what: str) -> NoReturn:
    raise NotImplementedError(f"{name}: expected gradients of order one in reverse mode, got {what}")
