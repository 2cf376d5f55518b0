package org.fasthebb.tools.verify;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.BackpropLearner;
import org.fasthebb.models.learn.FineTuning;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.protocol.Method;

/** Supervised fine-tuning of the small network, without dropout. */
final class FineTuneCases {
  private final Backend backend;
  private final Comparison comparison;
  private final String prefix;
  private final NetworkFile run;
  private final BackpropLearner learner;

  /** The network and classifier before the first step. */
  private final Map<String, Tensor> initial = new LinkedHashMap<>();

  /**
   * The Hebbian read-out. In the authors' code it is in the optimiser but gets no gradient, so it
   * does not change; here it is not part of fine-tuning.
   */
  private final Tensor readOut;

  private final String readOutName;

  private FineTuneCases(GoldenFile file, Comparison comparison, String rule, Method method)
      throws CheckpointException {
    this.comparison = comparison;
    backend = file.backend();
    prefix = rule + ".";
    Network network = NetworkFile.network(file, method, comparison.family().architecture());
    run = new NetworkFile(file, prefix, network);
    FineTuning authors = FineTuning.cifar10();
    FineTuning settings =
        new FineTuning(authors.rate(), authors.momentum(), authors.decay(), 0, authors.schedule());
    int classes = run.classes();
    learner = new BackpropLearner(network, classes, settings, false, 0);
    for (Map.Entry<String, Tensor> named : learner.model().entrySet()) {
      Tensor p = run.initialise(named.getKey(), named.getValue());
      initial.put(named.getKey(), backend.zeros(p.shape()).assign(p));
    }
    readOut = backend.zeros(classes, network.featureCount());
    readOutName = network.architecture().readOut() + ".weight";
    run.initialise(readOutName, readOut);
  }

  static void verify(GoldenFile file, Comparison comparison) {
    for (String name : file.prefixes()) {
      if (!file.has(name + ".seed")) {
        continue;
      }
      Comparison.CaseBody swta = c -> verify(file, c, name, method("swta"));
      Comparison.CaseBody hpca = c -> verify(file, c, name, method("hpca"));
      Method known = NetworkFile.method(name);
      comparison.attempt(
          name + ".",
          c -> {
            if (known == null) {
              c.best(swta, hpca);
            } else {
              verify(file, c, name, known);
            }
          });
    }
  }

  private static Method method(String name) {
    return Method.named(name).orElseThrow();
  }

  /**
   * Scores before the first update are continuous and must agree at once. Gradients, and all that
   * follows from them, may depend on an input of ReLU that is 0 up to rounding; then they must
   * agree with more exact sums.
   */
  private static void verify(GoldenFile file, Comparison comparison, String name, Method method)
      throws IOException {
    new FineTuneCases(file, comparison, name, method).verify();
    Pattern first = Pattern.compile("\\w+\\.logits_(eval\\.step0|train\\.step1)");
    comparison.reconsider(
        part -> part.startsWith(name + ".") && !first.matcher(Part.tensor(part)).matches(),
        "sums in double",
        c -> {
          GoldenFile exact = file.on(ExactSums.on(file.backend()));
          new FineTuneCases(exact, c, name, method).verify();
        });
  }

  private void verify() throws CheckpointException {
    double[] losses = new double[run.steps()];
    Tensor number = backend.zeros(1);
    evaluate(0);
    for (int t = 1; t <= run.steps(); t++) {
      try (Scope _ = backend.scope()) {
        BackpropLearner.BackpropPass pass =
            learner.forward(run.images(t - 1), run.targets(t - 1), number.fill(t));
        losses[t - 1] = pass.loss().item();
        comparison.check(prefix + "logits_train.step" + t, pass.logits());
        if (t == 1) {
          for (String name : learner.parameters().keySet()) {
            comparison.check(prefix + "grad." + name, learner.gradient(name));
          }
        }
        learner.descend(0);
        checkStep(t);
      }
      evaluate(t);
    }
    comparison.check(prefix + "loss", losses);
  }

  private void evaluate(int t) throws CheckpointException {
    String name = prefix + "logits_eval.step" + t;
    if (comparison.wants(name)) {
      try (Scope _ = backend.scope()) {
        comparison.check(name, learner.scores(run.images(0)));
      }
    }
  }

  private void checkStep(int t) throws CheckpointException {
    for (Map.Entry<String, Tensor> named : learner.model().entrySet()) {
      String name = named.getKey() + ".step" + t;
      if (!learner.parameters().containsKey(named.getKey())) {
        comparison.check(prefix + name, named.getValue()); // a running statistic
        continue;
      }
      comparison.check(prefix + "p." + name, named.getValue());
      Tensor before = initial.get(named.getKey());
      comparison.checkChange(prefix + "p_change." + name, before, named.getValue(), t);
    }
    comparison.check(prefix + "p." + readOutName + ".step" + t, readOut);
    comparison.checkChange(prefix + "p_change." + readOutName + ".step" + t, readOut, readOut, t);
  }
}
