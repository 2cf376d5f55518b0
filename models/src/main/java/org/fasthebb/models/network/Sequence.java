package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.network.Activations.TwoSidedThreshold;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;
import org.fasthebb.models.random.Rng;

/**
 * Stages one after another. This is the only place that walks them: to evaluate, to learn, to
 * record them on a tape, or to write them as ONNX.
 *
 * @param stages from the input upwards
 */
public record Sequence(List<Stage> stages) {
  /** The most images whose patches neurons behind a whitening start as. */
  private static final int MOST_PATCHED = 256;

  /** Sees the outputs of stages. */
  public interface Observer {
    /** Ignores everything. */
    Observer NONE = (stage, value) -> {};

    /**
     * Called with the output of each stage.
     *
     * @param stage name of the stage, such as conv1, pool1 or bn1
     */
    void saw(String stage, Tensor value);
  }

  /** The method of a stage that a walk calls. */
  private interface StageStep {
    Tensor take(Stage stage, Tensor x);
  }

  private Tensor walk(Tensor input, StageStep step, Observer observer) {
    Tensor x = input;
    for (Stage stage : observer.equals(Observer.NONE) ? joined() : stages) {
      x = step.take(stage, x);
      observer.saw(stage.name(), x);
    }
    return x;
  }

  /**
   * The same stages, but two pairs are one stage each: a convolution with the max-pooling behind
   * it, and a two-sided threshold with the means behind it. The outputs between them, which are
   * much larger, are then never kept as a whole.
   */
  List<Stage> joined() {
    List<Stage> joined = new ArrayList<>();
    for (Stage stage : stages) {
      Stage last = joined.isEmpty() ? null : joined.getLast();
      if (stage instanceof MaxPool pool && last instanceof Convolution c && c.canPool()) {
        joined.set(joined.size() - 1, c.pooled(pool.k()));
      } else if (stage instanceof GridPool pool
          && last instanceof TwoSidedThreshold sides
          && sides.canPool()) {
        joined.set(joined.size() - 1, sides.pooled(pool.k()));
      } else {
        joined.add(stage);
      }
    }
    return joined;
  }

  /** The names of all stages in the order in which an observer sees them, also in branches. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (Stage stage : stages) {
      if (stage instanceof Branches many) {
        many.branches().forEach(branch -> names.addAll(branch.names()));
      }
      names.add(stage.name());
    }
    return names;
  }

  /** The layers of neurons, also those of branches. */
  List<Convolution> layers() {
    List<Convolution> layers = new ArrayList<>();
    for (Stage stage : stages) {
      if (stage instanceof Convolution layer) {
        layers.add(layer);
      } else if (stage instanceof Branches many) {
        many.branches().forEach(branch -> layers.addAll(branch.layers()));
      }
    }
    return layers;
  }

  /**
   * Fits the whitening of patches, where it is the first stage, and makes the neurons behind it
   * random patches; see {@link Network#fit}.
   */
  void fit(Tensor images, Rng random) {
    Stage first = stages.getFirst();
    if (first instanceof PatchWhitening whitening) {
      whitening.fit(images);
      if (stages.get(1) instanceof Convolution layer) {
        Tensor some = images.slice(0, 0, Math.min(images.size(0), MOST_PATCHED));
        layer.startFromPatches(whitening.evaluate(some), random);
      }
    } else if (first instanceof Branches many) {
      many.branches().forEach(branch -> branch.fit(images, random));
    }
  }

  /** The output; batch norms use their running statistics. */
  Tensor evaluate(Tensor input, Observer observer) {
    return walk(input, (stage, x) -> stage.evaluate(x, observer), observer);
  }

  /**
   * The output of the weights before the step; all stages then take a step of Hebbian learning. The
   * observer does not see into branches.
   */
  Tensor learn(Tensor input, float eta, Reducer reducer, Observer observer) {
    return walk(input, (stage, x) -> stage.learn(x, eta, reducer), observer);
  }

  /** The output, recorded on a tape. */
  Variable trace(Trace trace, Variable input) {
    Variable x = input;
    for (Stage stage : stages) {
      x = stage.trace(trace, x);
      trace.outputs().put(stage.name(), x);
    }
    return x;
  }

  /** Makes weights of patches, stage by stage; see {@link Network#startFromPatches}. */
  void startFromPatches(Tensor input, Rng random) {
    Trace trace = Trace.training(new Tape());
    Variable x = trace.tape().constant(input);
    Convolution last = layers().getLast();
    for (Stage stage : stages) {
      if (stage instanceof Convolution layer) {
        layer.startFromPatches(x.value(), random);
        if (layer.equals(last)) {
          return; // its maps are large, and no layer needs them
        }
      } else if (stage instanceof Branches many) {
        many.branches().forEach(branch -> branch.startFromPatches(input, random));
        return; // no layer stands above branches
      }
      x = stage.trace(trace, x);
    }
  }

  /**
   * Adds nodes that compute the same as {@link #evaluate} to a graph.
   *
   * @param x the input in the graph
   * @param blank an input of the same size, from the open scope
   * @return the output of each stage, by its name
   */
  Map<String, OnnxMaps> onnx(OnnxGraph graph, OnnxMaps x, Tensor blank) {
    Map<String, OnnxMaps> outputs = new LinkedHashMap<>();
    OnnxMaps maps = x;
    Tensor value = blank;
    for (Stage stage : stages) {
      graph.enter(stage.name());
      String name = stage.onnx(graph, maps, outputs);
      value = stage.evaluate(value);
      maps = OnnxMaps.of(name, value);
      outputs.put(stage.name(), maps);
    }
    return outputs;
  }

  /** What backprop trains, by name. */
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    stages.forEach(stage -> named.putAll(stage.parameters()));
    return named;
  }

  /** What training changes besides, by name. */
  Map<String, Tensor> statistics() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    stages.forEach(stage -> named.putAll(stage.statistics()));
    return named;
  }

  /** Everything that training changes: parameters, then running statistics. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = parameters();
    named.putAll(statistics());
    return named;
  }
}
