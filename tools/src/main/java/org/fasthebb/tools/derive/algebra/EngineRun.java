package org.fasthebb.tools.derive.algebra;

import static org.fasthebb.engine.Contraction.contract;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.tools.derive.algebra.Operand.Cut;

/** Carries out a plan on the engine. */
public final class EngineRun {
  private final Backend backend;
  private final AxisSizes sizes;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Map<String, Float> numbers = new HashMap<>();
  private int round;

  private EngineRun(Backend backend, AxisSizes sizes) {
    this.backend = backend;
    this.sizes = sizes;
  }

  /** Whether the engine has a call for each step: its only views are patch matrices of images. */
  public static boolean canRun(CallChain plan) {
    return plan.steps().stream()
        .allMatch(step ->
            switch (step) {
              case EngineCall.Viewed view -> view.a().name().equals("I");
              case EngineCall.Contracted product ->
                  !product.spec().contains(NamedAxis.I.toString());
              default -> true;
            });
  }

  /**
   * Computes the result of a plan.
   *
   * @param inputs of the equation, by name; tensors with the shapes of their axes, numbers with one
   *     element
   */
  public static Tensor run(
      CallChain plan, Backend backend, AxisSizes sizes, Map<String, Tensor> inputs) {
    EngineRun run = new EngineRun(backend, sizes);
    inputs.forEach((name, tensor) -> {
      if (tensor.rank() == 0) {
        run.numbers.put(name, tensor.item());
      } else {
        run.tensors.put(Planner.code(name), tensor);
      }
    });
    run.numbers.put("-1", -1f);
    run.run(plan.steps(), null);
    return run.tensors.get(plan.result().name());
  }

  private void run(List<EngineCall> steps, NamedAxis loop) {
    for (EngineCall step : steps) {
      switch (step) {
        case EngineCall.Contracted it ->
            put(it.out(), contract(it.spec(), get(it.a(), loop), get(it.b(), loop)));
        case EngineCall.Multiplied it ->
            put(it.out(), aligned(it.a(), it.out(), loop).times(aligned(it.b(), it.out(), loop)));
        case EngineCall.Combined it -> {
          Tensor a = aligned(it.a(), it.out(), loop);
          Tensor b = aligned(it.b(), it.out(), loop);
          put(it.out(), it.sign() > 0 ? a.plus(b) : a.minus(b));
        }
        case EngineCall.Scaled it -> {
          float factor = 1;
          for (String number : it.numbers()) {
            factor *= numbers.get(number);
          }
          put(it.out(), get(it.a(), loop).times(factor));
        }
        case EngineCall.Reduced it -> put(it.out(), reduced(it, loop));
        case EngineCall.Viewed it ->
            put(
                it.out(),
                tensors.get("i").patches(sizes.size(NamedAxis.I), sizes.size(NamedAxis.J)));
        case EngineCall.Started it ->
            put(
                it.out(),
                it.a() == null
                    ? backend.empty(shape(it.out().axes())).fill(0)
                    : get(it.a(), loop).copy());
        case EngineCall.Added it -> tensors.get(it.out().name()).addAssign(get(it.a(), loop));
        case EngineCall.Stored it -> {
          Tensor out = tensors.get(it.out().name());
          int axis = it.out().axes().indexOf(loop == NamedAxis.G ? NamedAxis.G : NamedAxis.N);
          int from = loop == NamedAxis.G ? round : from(loop);
          int to = loop == NamedAxis.G ? round + 1 : to(loop);
          out.slice(axis, from, to).assign(get(it.a(), loop));
        }
        case EngineCall.Loop it -> {
          for (round = 0; round < sizes.size(it.over()); round++) {
            run(it.body(), it.over());
          }
        }
      }
    }
  }

  private void put(Operand out, Tensor tensor) {
    tensors.put(out.name(), tensor);
  }

  private int[] shape(List<NamedAxis> axes) {
    return axes.stream().mapToInt(sizes::size).toArray();
  }

  private int from(NamedAxis loop) {
    return round * sizes.part(loop);
  }

  private int to(NamedAxis loop) {
    return Math.min(sizes.size(loop.whole()), from(loop) + sizes.part(loop));
  }

  /** The tensor, or of a whole tensor the slices that are meant. */
  private Tensor get(Operand operand, NamedAxis loop) {
    Tensor tensor = tensors.get(operand.name());
    if (operand.whole()) {
      for (Map.Entry<NamedAxis, Cut> cut : operand.cuts().entrySet()) {
        boolean part = cut.getValue() == Cut.PART;
        int from = part ? from(loop) : 0;
        int to = part ? to(loop) : from(loop);
        tensor = tensor.slice(operand.axes().indexOf(cut.getKey()), from, to);
      }
    }
    return tensor;
  }

  /** The tensor with an axis of length 1 for each that the result has and it has not. */
  private Tensor aligned(Operand operand, Operand result, NamedAxis loop) {
    Tensor tensor = get(operand, loop);
    if (operand.axes().equals(result.axes())) {
      return tensor;
    }
    int[] order =
        result.axes().stream()
            .filter(operand.axes()::contains)
            .mapToInt(operand.axes()::indexOf)
            .toArray();
    Tensor ordered = tensor.permute(order).contiguous();
    int[] shape =
        result.axes().stream()
            .mapToInt(axis -> {
              int place = operand.axes().indexOf(axis);
              return place < 0 ? 1 : tensor.size(place);
            })
            .toArray();
    return ordered.reshape(shape);
  }

  private Tensor reduced(EngineCall.Reduced step, NamedAxis loop) {
    Tensor a = get(step.a(), loop);
    List<NamedAxis> axes = step.a().axes();
    int[] summed =
        axes.stream()
            .filter(axis -> !step.out().axes().contains(axis))
            .mapToInt(axes::indexOf)
            .toArray();
    int[] kept =
        axes.stream()
            .filter(step.out().axes()::contains)
            .mapToInt(axis -> a.size(axes.indexOf(axis)))
            .toArray();
    return a.sum(summed).reshape(kept);
  }
}
