package org.fasthebb.tools.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Centroids;
import org.fasthebb.hebb.HebbianLayer;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.HebbianLearner;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Convolution;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Sequence;
import org.fasthebb.models.protocol.Method;

/** Hebbian learning of a network, all layers at once, for as many steps as were recorded. */
final class NetworkCases {
  private final GoldenFile file;
  private final Comparison comparison;
  private final NetworkFile run;
  private final Network network;
  private final HebbianLearner learner;

  /** Weights of conv1 .. fc6 before the first step. */
  private final Map<String, Tensor> initial = new LinkedHashMap<>();

  private NetworkCases(GoldenFile file, Comparison comparison, Method method)
      throws CheckpointException {
    this.file = file;
    this.comparison = comparison;
    Architecture architecture = comparison.family().architecture();
    network = NetworkFile.network(file, method, architecture);
    run = new NetworkFile(file, "", network);
    float eta = file.has("lr") ? (float) file.values("lr")[0] : method.eta(architecture);
    learner = new HebbianLearner(network, run.classes(), eta, 0);
    for (Convolution layer : network.layers()) {
      initialise(layer.name());
    }
    initialise(readOut());
  }

  private String readOut() {
    return network.architecture().readOut();
  }

  private void initialise(String layer) throws CheckpointException {
    Tensor w = run.initialise(layer + ".weight", weights(layer));
    initial.put(layer, file.backend().zeros(w.shape()).assign(w));
  }

  private Tensor weights(String layer) {
    return learner.tensors().get(layer + ".weight");
  }

  static void verify(GoldenFile file, Comparison comparison) {
    Comparison.CaseBody swta = c -> new NetworkCases(file, c, method("swta")).verify();
    Comparison.CaseBody hpca = c -> new NetworkCases(file, c, method("hpca")).verify();
    Method known = NetworkFile.method(file.stem());
    comparison.attempt(
        "",
        c -> {
          if (known == null) {
            c.best(swta, hpca);
          } else {
            new NetworkCases(file, c, known).verify();
          }
        });
  }

  private static Method method(String name) {
    return Method.named(name).orElseThrow();
  }

  private void verify() throws CheckpointException {
    Backend backend = file.backend();
    comparison.check("x", file.raw("x"));
    for (int t = 0; t < run.steps(); t++) {
      try (Scope _ = backend.scope()) {
        String scores = "logits_train.it" + (t + 1);
        Sequence.Observer observer = t == 0 ? firstStep() : Sequence.Observer.NONE;
        learner.learn(
            run.images(t),
            run.targets(t),
            watching((stage, y) -> {
              observer.saw(stage, y);
              if (stage.equals(readOut())) {
                comparison.check(scores, y);
              }
            }));
        checkStep(t + 1);
      }
    }
    try (Scope _ = backend.scope()) {
      Tensor images = run.images(0);
      network.features(images, watching((stage, y) -> comparison.check("out_eval." + stage, y)));
      comparison.check("logits_eval", learner.scores(images));
    }
  }

  private void checkStep(int t) throws CheckpointException {
    for (Map.Entry<String, Tensor> named : learner.tensors().entrySet()) {
      String it = ".it" + t;
      comparison.check(named.getKey() + it, named.getValue());
    }
    for (Map.Entry<String, Tensor> named : initial.entrySet()) {
      String layer = named.getKey();
      comparison.check("w." + layer + ".it" + t, weights(layer));
      String change = "w_change." + layer + ".it" + t;
      comparison.checkChange(change, named.getValue(), weights(layer), t);
    }
  }

  /** Compares outputs, and the weight change that each layer's input causes in initial weights. */
  private Sequence.Observer firstStep() {
    Tensor[] input = {run.images(0)}; // output of the stage below
    return watching((stage, y) -> {
      comparison.check("out." + stage, y);
      if (initial.containsKey(stage) && comparison.wants("delta_w." + stage)) {
        Tensor w = initial.get(stage);
        Tensor delta = delta(w, input[0], stage);
        comparison.check("delta_w." + stage, delta.reshape(w.shape()));
      }
      input[0] = y;
    });
  }

  private Tensor delta(Tensor w, Tensor input, String layer) throws CheckpointException {
    int n = w.size(0);
    if (layer.equals(readOut())) {
      Tensor features = input.reshape(input.size(0), w.size(1));
      return Centroids.delta(features, w, run.targets(0));
    }
    HebbianRule rule = network.neurons().rule().apply(null); // the same in all layers
    return new HebbianLayer(rule, w.reshape(n, w.size() / n), w.size(1), w.size(2)).delta(input);
  }

  private interface StageWatcher {
    void saw(String stage, Tensor value) throws IOException;
  }

  private static Sequence.Observer watching(StageWatcher watcher) {
    return (stage, value) -> {
      try {
        watcher.saw(stage, value);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
