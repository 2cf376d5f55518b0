package org.fasthebb.models.network;

import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * Pads images by pixels that mirror them, without repeating the edge: (b, h, w, c) become (b, h + 2
 * width, w + 2 width, c).
 *
 * @param width of the padding in pixels, on each side
 */
public record ReflectPadding(String name, int width) implements Stage {
  @Override
  public String describe() {
    return "a frame of %s mirrored pixels".formatted(width);
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

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x) {
    String pads = graph.list("pads", 0, 0, width, width, 0, 0, width, width);
    return graph.node("Pad", Map.of("mode", "reflect"), x.name(), pads);
  }
}
