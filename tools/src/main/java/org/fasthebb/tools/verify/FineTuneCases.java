package org.fasthebb.tools.verify;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.Architecture;
import org.fasthebb.models.Network;
import org.fasthebb.models.Variant;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.train.BackpropTrainee;
import org.fasthebb.models.train.FineTuning;

/** Supervised fine-tuning of the small network, without dropout. */
final class FineTuneCases {
  private final Backend backend;
  private final Comparison comparison;
  private final String prefix;
  private final SmallNetworkFile run;
  private final BackpropTrainee trainee;

  /** The network and classifier before the first step. */
  private final Map<String, Tensor> initial = new LinkedHashMap<>();

  /**
   * The Hebbian read-out. The authors' optimiser holds it too, but it gets no gradient and stays;
   * here fine-tuning does not know it.
   */
  private final Tensor readOut;

  private FineTuneCases(GoldenFile file, Comparison comparison, String rule, Variant variant)
      throws CheckpointException {
    this.comparison = comparison;
    backend = file.backend();
    prefix = rule + ".";
    run = new SmallNetworkFile(file, prefix);
    Network network = new Network(backend, Architecture.small(), variant, 0);
    FineTuning authors = FineTuning.cifar10();
    FineTuning settings =
        new FineTuning(authors.rate(), authors.momentum(), authors.decay(), 0, authors.schedule());
    int classes = run.classes();
    trainee = new BackpropTrainee(network, classes, settings, false, 0);
    for (Map.Entry<String, Tensor> named : trainee.model().entrySet()) {
      Tensor p = run.initialise(named.getKey(), named.getValue());
      initial.put(named.getKey(), backend.zeros(p.shape()).assign(p));
    }
    readOut = backend.zeros(classes, network.architecture().features());
    run.initialise("fc6.weight", readOut);
  }

  static void verify(GoldenFile file, Comparison comparison) {
    for (String name : file.prefixes()) {
      if (!file.has(name + ".seed")) {
        continue;
      }
      Comparison.Body swta = c -> verify(file, c, name, Variant.SWTA);
      Comparison.Body hpca = c -> verify(file, c, name, Variant.HPCA);
      Variant variant = SmallNetworkFile.variant(name);
      comparison.attempt(
          name + ".",
          c -> {
            if (variant == null) {
              c.best(swta, hpca);
            } else {
              (variant == Variant.SWTA ? swta : hpca).run(c);
            }
          });
    }
  }

  /**
   * Scores before the first update are continuous and must be right as they are. Gradients, and all
   * that follows, may depend on an input of ReLU that is 0 up to rounding; then they must be right
   * with more exact sums in the forward pass.
   */
  private static void verify(GoldenFile file, Comparison comparison, String name, Variant variant)
      throws IOException {
    new FineTuneCases(file, comparison, name, variant).verify();
    Pattern first = Pattern.compile("\\w+\\.logits_(eval\\.step0|train\\.step1)");
    comparison.reconsider(
        part -> part.startsWith(name + ".") && !first.matcher(Part.tensor(part)).matches(),
        "sums in double",
        c -> {
          GoldenFile exact = file.on(ExactSums.on(file.backend()));
          new FineTuneCases(exact, c, name, variant).verify();
        });
  }

  private void verify() throws CheckpointException {
    double[] losses = new double[run.steps()];
    Tensor number = backend.zeros(1);
    evaluate(0);
    for (int t = 1; t <= run.steps(); t++) {
      try (Scope _ = backend.scope()) {
        BackpropTrainee.Pass pass =
            trainee.forward(run.images(t - 1), run.targets(t - 1), number.fill(t));
        losses[t - 1] = pass.loss().item();
        comparison.check(prefix + "logits_train.step" + t, pass.logits());
        if (t == 1) {
          for (String name : trainee.parameters().keySet()) {
            comparison.check(prefix + "grad." + name, trainee.gradient(name));
          }
        }
        trainee.descend(0);
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
        comparison.check(name, trainee.scores(run.images(0)));
      }
    }
  }

  private void checkStep(int t) throws CheckpointException {
    for (Map.Entry<String, Tensor> named : trainee.model().entrySet()) {
      String name = named.getKey() + ".step" + t;
      if (!trainee.parameters().containsKey(named.getKey())) {
        comparison.check(prefix + name, named.getValue()); // a running statistic
        continue;
      }
      comparison.check(prefix + "p." + name, named.getValue());
      Tensor before = initial.get(named.getKey());
      comparison.checkChange(prefix + "p_change." + name, before, named.getValue(), t);
    }
    comparison.check(prefix + "p.fc6.weight.step" + t, readOut);
    comparison.checkChange(prefix + "p_change.fc6.weight.step" + t, readOut, readOut, t);
  }
}
