"""A generated function as an operation of torch."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any, NoReturn

import torch

from w2v_verified.interop.function import Generated

__all__ = ["operation"]

_FORMATS = (torch.float64, torch.float32)


def operation(function: Generated) -> Callable[..., torch.Tensor]:
    """The operation; see ``for_torch``."""

    def differentiable(*given: Any, **named: Any) -> torch.Tensor:
        arguments = function.bound(given, named)
        _see(function, arguments)
        return _Operation.apply(function, *arguments)[0]

    differentiable.__name__ = differentiable.__qualname__ = function.name
    differentiable.__doc__ = (
        f"``{function.name}`` for tensors of torch; see ``w2v_verified.interop.for_torch``."
    )
    # A compiler would put operations of its own in the place of NumPy's.
    uncompiled: Callable[..., torch.Tensor] = torch.compiler.disable(differentiable)
    return uncompiled


class _Operation(torch.autograd.Function):
    """The loss and its gradients, all computed at once; what is returned of them is the loss."""

    @staticmethod
    def forward(function: Generated, *arguments: Any) -> tuple[torch.Tensor, ...]:
        loss, gradients = function.loss_and_gradients([_numbers(value) for value in arguments])
        floating = [value for value in arguments if _is_floating(value)]
        dtype = (
            reduce(torch.promote_types, (value.dtype for value in floating)) if floating else torch.float64
        )
        device = floating[0].device if floating else "cpu"
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
        ctx.function, ctx.count = function, len(inputs)
        ctx.places = list(_differentiable(function, arguments))
        ctx.mark_non_differentiable(*output[1:])
        ctx.save_for_backward(*output[1:], *(arguments[place] for place in ctx.places))

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor, *_: Any) -> tuple[torch.Tensor | None, ...]:
        gradients, arguments = ctx.saved_tensors[: len(ctx.places)], ctx.saved_tensors[len(ctx.places) :]
        given: list[torch.Tensor | None] = [None] * ctx.count
        for place, gradient in zip(ctx.places, gradients, strict=True):
            scaled = (gradient * upstream).to(gradient.dtype)
            tied = _Once.apply(ctx.function.name, scaled, *arguments) if torch.is_grad_enabled() else scaled
            given[1 + place] = tied
        return tuple(given)

    @staticmethod
    def jvp(ctx: Any, *_: Any) -> NoReturn:
        _refuse(ctx.function.name, "forward mode")

    @staticmethod
    def vmap(info: Any, in_dims: Sequence[int | None], function: Generated, *arguments: Any) -> Any:
        """One call for each place."""
        every = [
            _Operation.apply(function, *_at(place, in_dims[1:], arguments))
            for place in range(info.batch_size)
        ]
        together = tuple(torch.stack(parts) for parts in zip(*every, strict=True))
        return together, (0,) * len(together)


class _Once(torch.autograd.Function):
    """A gradient, tied to what it was computed from: its own derivative is refused, where it would be taken for 0."""

    generate_vmap_rule = True

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


def _see(function: Generated, arguments: Sequence[Any]) -> None:
    """Refuse what cannot be handed over, and a gradient that would be missing in silence."""
    device = None
    for name, value in zip(function.names, arguments, strict=True):
        if not torch.is_tensor(value):
            continue
        if value.layout != torch.strided or value.device.type == "meta":
            raise TypeError(f"{name}: expected a dense tensor, got {value.layout} on {value.device}")
        if value.requires_grad and name not in function.gradients:
            raise TypeError(f"{name}: expected {name}.detach(), for no gradient by it is derived")
        if value.is_floating_point():
            if device not in (None, value.device):
                raise TypeError(
                    f"{name}: expected a tensor on {device} as those before it, got {value.device}"
                )
            device = value.device


def _is_floating(value: Any) -> bool:
    return bool(torch.is_tensor(value) and value.is_floating_point())


def _differentiable(function: Generated, arguments: Sequence[Any]) -> Iterator[int]:
    return (place for place in function.places if _is_floating(arguments[place]))


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
        yield value if dim is None else value.select(dim, place)


def _refuse(name: str, what: str) -> NoReturn:
    raise NotImplementedError(f"{name}: expected gradients of order one in reverse mode, got {what}")
