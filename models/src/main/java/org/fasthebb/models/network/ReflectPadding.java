package org.fasthebb.models.network;

import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * A frame of pixels around images that mirrors what is inside, without repeating the edge.
 *
 * @param width of the frame
 */
public record ReflectPadding(String name, int width) implements Stage {
  @Override
  public String describe() {
    return "a frame of %d mirrored pixels".formatted(width);
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    int h = x.value().size(1);
    int w = x.value().size(2);
    return trace.tape().apply(x, evaluate(x.value()), dy -> Padding.unreflect(dy, width, h, w));
  }

  @Override
  public Tensor evaluate(Tensor x) {
    return Padding.reflect(x, width);
  }
}
