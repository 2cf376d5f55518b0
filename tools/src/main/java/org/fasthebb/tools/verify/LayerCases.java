package org.fasthebb.tools.verify;

import static org.fasthebb.engine.Contraction.contract;

import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Centroids;
import org.fasthebb.hebb.HebbianLayer;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.Naive;
import org.fasthebb.hebb.NaiveHpca;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.models.io.CheckpointException;

/**
 * One layer and one step: the outputs of its neurons, their shares in patches, and the weight
 * change.
 */
final class LayerCases {
  /** The learning rate of the recorded steps. */
  private static final float RATE = 1e-3f;

  private final GoldenFile file;
  private final Comparison comparison;
  private final String name;
  private final Tensor images;
  private final Tensor w;
  private final int kh;
  private final int kw;
  private final Tensor patches;

  private LayerCases(GoldenFile file, Comparison comparison, String name)
      throws CheckpointException {
    this.file = file;
    this.comparison = comparison;
    this.name = name;
    images = file.images(name + ".x");
    w = file.matrix(name + ".w");
    kh = file.size(name + ".w", 2);
    kw = file.size(name + ".w", 3);
    patches = images.patches(kh, kw);
  }

  /** Compares soft-WTA, and class centroids in cases that have labels. */
  static void softWta(GoldenFile file, Comparison comparison) {
    for (String name : file.prefixes()) {
      comparison.attempt(
          name + ".",
          _ -> {
            LayerCases layer = new LayerCases(file, comparison, name);
            if (file.has(name + ".labels")) {
              layer.centroids();
            } else {
              layer.softWta();
            }
          });
    }
  }

  /** Compares HPCA. */
  static void hpca(GoldenFile file, Comparison comparison) {
    for (String name : file.prefixes()) {
      comparison.attempt(name + ".", _ -> new LayerCases(file, comparison, name).hpca());
    }
  }

  private void softWta() throws CheckpointException {
    Tensor s = SoftWta.similarity(patches, w);
    check("s", s);
    checkShares(new SoftWta().share(s));
    checkRule(new Naive(new SoftWta()), "delta_w_nonfast");
    checkRule(new SoftWta(), "delta_w_fast", "delta_w_fastmid");
  }

  private void centroids() throws CheckpointException {
    Tensor targets = w.backend().oneHot(file.integers(name + ".labels"), w.size(0));
    Tensor delta = Centroids.delta(patches, w, targets);
    check("s", SoftWta.similarity(patches, w));
    checkShares(targets);
    check("y_out", Centroids.scores(patches, w));
    for (String form : new String[] {"nonfast", "fast", "fastmid"}) {
      checkWeights("delta_w_" + form, delta);
    }
    checkWeights("w_after", w.plus(delta.times(RATE)));
  }

  private void hpca() throws CheckpointException {
    check("s", contract("bs,ns->bn", patches, w));
    Tensor y = new Hpca().respond(patches, w);
    check("y", y);
    check("r", y);
    checkRule(new NaiveHpca(), "delta_w_nonfast");
    checkRule(new Hpca(Hpca.Form.GRAM), "delta_w_fast", "delta_w_fastmid");
    checkRule(new Hpca(Hpca.Form.RESIDUAL), "delta_w_fast", "delta_w_fastmid");
  }

  /** Compares R and C = R / sum_b R. */
  private void checkShares(Tensor r) throws CheckpointException {
    check("r", r);
    check("c", r.div(r.sum(0).zeroToOne()));
  }

  /** Compares the output and the weight change of a layer under this rule. */
  private void checkRule(HebbianRule rule, String... deltas) throws CheckpointException {
    HebbianLayer layer = new HebbianLayer(rule, w.copy(), kh, kw);
    comparison.check(name + ".y_out", layer.respond(images));
    Tensor delta = layer.delta(images);
    for (String form : deltas) {
      checkWeights(form, delta);
    }
    comparison.check(name + ".y_out", layer.learn(images, RATE));
    checkWeights("w_after", layer.weights());
  }

  /** Compares values of neurons for patches (B, N). */
  private void check(String what, Tensor neurons) throws CheckpointException {
    int[] shape = {
      images.size(0), images.size(1) - kh + 1, images.size(2) - kw + 1, neurons.size(1)
    };
    comparison.check(name + "." + what, neurons.reshape(shape));
  }

  private void checkWeights(String what, Tensor weights) throws CheckpointException {
    comparison.check(name + "." + what, weights.reshape(w.size(0), kh, kw, w.size(1) / kh / kw));
  }
}
