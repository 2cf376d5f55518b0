package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * Networks that see the same images (b, h, w, c). Their maps, averaged to a k x k grid, stand side
 * by side, channel after channel: (b, k, k, c1 + c2 + ..).
 */
record Branches(String name, int k, List<Sequence> branches) implements Stage {
  @Override
  public String describe() {
    return branches.stream()
        .map(branch -> branch.stages().stream().map(Stage::name).collect(Collectors.joining(" ")))
        .collect(Collectors.joining(", beside "));
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    GridPool pool = new GridPool(name, k);
    List<Variable> outputs = new ArrayList<>();
    for (Sequence branch : branches) {
      outputs.add(pool.trace(trace, branch.trace(trace, x)));
    }
    return joined(trace.tape(), outputs);
  }

  /** Each output as a part of zeros, added up: so each gets the gradient of its channels. */
  private static Variable joined(Tape tape, List<Variable> outputs) {
    int channels = outputs.stream().mapToInt(y -> y.value().size(-1)).sum();
    Variable sum = null;
    int at = 0;
    for (Variable output : outputs) {
      Tensor y = output.value();
      int from = at;
      int to = at + y.size(-1);
      int[] shape = y.shape();
      shape[3] = channels;
      Tensor wide = y.backend().empty(shape).fill(0);
      wide.slice(3, from, to).assign(y);
      Variable part = tape.apply(output, wide, dy -> dy.slice(3, from, to).contiguous());
      sum = sum == null ? part : tape.plus(sum, part);
      at = to;
    }
    return sum;
  }

  @Override
  public Tensor evaluate(Tensor x) {
    return evaluate(x, Sequence.Observer.NONE);
  }

  @Override
  public Tensor evaluate(Tensor x, Sequence.Observer observer) {
    // An observer must not see the means of one branch as a stage.
    return observer.equals(Sequence.Observer.NONE)
        ? joined(branch -> pooled(branch).evaluate(x, observer))
        : joined(branch -> GridPool.means(branch.evaluate(x, observer), k));
  }

  @Override
  public Tensor learn(Tensor x, float eta, Reducer reducer) {
    return joined(branch -> pooled(branch).learn(x, eta, reducer, Sequence.Observer.NONE));
  }

  private Tensor joined(Function<Sequence, Tensor> means) {
    return Network.sideBySide(branches.stream().map(means).toList());
  }

  /** A branch with the means behind it, which may be taken together with its last stage. */
  private Sequence pooled(Sequence branch) {
    List<Stage> stages = new ArrayList<>(branch.stages());
    stages.add(new GridPool(name, k));
    return new Sequence(stages);
  }

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x, Map<String, OnnxMaps> inside) {
    Tensor any = branches.getFirst().tensors().values().iterator().next();
    Tensor blank = any.backend().empty(1, x.h(), x.w(), x.c()).fill(0);
    List<OnnxMaps> outputs = new ArrayList<>();
    for (Sequence branch : branches) {
      Map<String, OnnxMaps> stages = branch.onnx(graph, x, blank);
      inside.putAll(stages);
      outputs.add(stages.get(branch.stages().getLast().name()));
    }
    graph.enter(name);
    String[] parts =
        outputs.stream().map(maps -> GridPool.onnx(graph, maps, k)).toArray(String[]::new);
    return graph.node("Concat", Map.of("axis", 1), parts);
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    branches.forEach(branch -> named.putAll(branch.parameters()));
    return named;
  }

  @Override
  public Map<String, Tensor> statistics() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    branches.forEach(branch -> named.putAll(branch.statistics()));
    return named;
  }
}
