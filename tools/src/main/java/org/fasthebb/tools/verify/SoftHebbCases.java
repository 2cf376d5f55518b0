package org.fasthebb.tools.verify;

import static org.fasthebb.engine.Contraction.contract;

import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.LocalRule;
import org.fasthebb.hebb.Naive;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.hebb.Statistics;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.network.MeanPool;
import org.fasthebb.models.network.OverlappingMaxPool;
import org.fasthebb.models.network.ReflectPadding;

/** A layer of SoftHebb: several steps on the same images, or one step within its block. */
final class SoftHebbCases {
  private final GoldenFile file;
  private final Comparison comparison;
  private final String name;
  private final Tensor images;
  private final Tensor w;
  private final int kh;
  private final int kw;
  private final int pad;

  private SoftHebbCases(GoldenFile file, Comparison comparison, String name)
      throws CheckpointException {
    this.file = file;
    this.comparison = comparison;
    this.name = name;
    images = file.images(name + ".x");
    w = file.matrix(name + ".w");
    kh = file.size(name + ".w", 2);
    kw = file.size(name + ".w", 3);
    pad = Math.toIntExact(file.integer(name + ".pad"));
  }

  static void verify(GoldenFile file, Comparison comparison) {
    for (String name : file.prefixes()) {
      comparison.attempt(
          name + ".",
          _ -> {
            SoftHebbCases layer = new SoftHebbCases(file, comparison, name);
            if (file.has(name + ".t_invert_lr0_power")) {
              layer.steps();
            } else {
              layer.block();
            }
          });
    }
  }

  private void steps() throws CheckpointException {
    double[] given = file.values(name + ".t_invert_lr0_power");
    if (given.length != 3) {
      throw new IllegalArgumentException(
          "'" + name + ".t_invert_lr0_power' has " + given.length + " values instead of 3");
    }
    SoftHebb rule = new SoftHebb((float) given[0]);
    float eta = (float) given[1];
    float power = (float) given[2];
    for (HebbianRule form : new HebbianRule[] {rule, new Naive(rule)}) {
      Tensor weights = w.copy();
      Tensor x = patches(images);
      for (int step = 1; file.has(name + ".w.step" + step); step++) {
        String at = ".step" + step;
        checkTerms(rule, x, weights, at);
        Statistics statistics = form.statistics(weights, x.size(0));
        Tensor u = statistics.observe(x);
        check("u" + at, u);
        check("triangle" + at, SoftHebb.triangle(u, power));
        Tensor rates = SoftHebb.rates(weights);
        comparison.check(name + ".lr" + at, rates.times(eta).reshape(rates.size()));
        checkWeights("delta_w" + at, statistics.delta().div(rates));
        statistics.addDelta(weights, eta);
        checkWeights("w" + at, weights);
      }
      check("u_eval", rule.respond(x, weights));
    }
  }

  /** Compares the outputs of neurons, and the sum that the weight change is computed from. */
  private void checkTerms(LocalRule rule, Tensor x, Tensor weights, String at)
      throws CheckpointException {
    Tensor u = x.backend().empty(x.size(0), weights.size(0));
    LocalRule.Terms terms = rule.terms(x, weights, u);
    check("y" + at, terms.z());
    Tensor given = terms.z().times(terms.v()).sum(0).reshape(weights.size(0), 1);
    Tensor raw = contract("bn,bs->ns", terms.z(), x).minus(given.times(weights));
    checkWeights("delta_w_raw" + at, raw);
  }

  /** Compares the first block of SoftHebb's network, with t = 1 and a triangle of power 0.7. */
  private void block() throws CheckpointException {
    BatchNorm norm = new BatchNorm(file.backend(), images.size(3), false);
    Tensor normal = norm.train(images).output();
    comparison.check(name + ".bn", normal);
    comparison.check(name + ".running_mean", norm.runningMean());
    comparison.check(name + ".running_var", norm.runningVariance());
    SoftHebb rule = new SoftHebb(1);
    for (HebbianRule form : new HebbianRule[] {rule, new Naive(rule)}) {
      Tensor x = patches(normal);
      Statistics statistics = form.statistics(w, x.size(0));
      Tensor u = statistics.observe(x);
      check("u", u);
      checkWeights("delta_w", statistics.delta().div(SoftHebb.rates(w)));
      Tensor activation = maps(SoftHebb.triangle(u, 0.7f));
      comparison.check(name + ".act", activation);
      comparison.check(
          name + ".maxpool_k4s2p1", new OverlappingMaxPool("pool").evaluate(activation));
      comparison.check(name + ".avgpool_k2s2", new MeanPool("pool").evaluate(activation));
    }
  }

  private Tensor patches(Tensor x) {
    return new ReflectPadding("pad", pad).evaluate(x).patches(kh, kw);
  }

  /** Reshapes values of neurons for patches (B, N) to maps. */
  private Tensor maps(Tensor neurons) {
    int h = images.size(1) + 2 * pad - kh + 1;
    int width = images.size(2) + 2 * pad - kw + 1;
    return neurons.reshape(images.size(0), h, width, neurons.size(1));
  }

  private void check(String what, Tensor neurons) throws CheckpointException {
    comparison.check(name + "." + what, maps(neurons));
  }

  private void checkWeights(String what, Tensor weights) throws CheckpointException {
    comparison.check(name + "." + what, weights.reshape(w.size(0), kh, kw, w.size(1) / kh / kw));
  }
}
