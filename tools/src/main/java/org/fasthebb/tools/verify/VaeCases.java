package org.fasthebb.tools.verify;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.AutoencoderLearner;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.network.Vae;
import org.fasthebb.models.network.VaeLoss;

/**
 * The variational auto-encoder: passes and steps on one batch, with the recorded noise, evaluation
 * before and after.
 */
final class VaeCases {
  /**
   * Layers whose rows are values of an image: in the order (c, y, x) in PyTorch, (y, x, c) here.
   */
  private static final Set<String> IMAGE_ROWS = Set.of("dec_fc1", "dec_bn1");

  private final GoldenFile file;
  private final Backend backend;
  private final Comparison comparison;
  private final String prefix;
  private final Network encoder;
  private final Vae vae;
  private final AutoencoderLearner learner;
  private final SeededParameters seeded = new SeededParameters();

  /** All parameters before the first step. */
  private final Map<String, Tensor> initial = new LinkedHashMap<>();

  private VaeCases(GoldenFile file, Comparison comparison, String prefix)
      throws CheckpointException {
    this.file = file;
    this.comparison = comparison;
    this.prefix = prefix;
    backend = file.backend();
    Architecture architecture = comparison.family().architecture();
    encoder = new Network(backend, architecture, file.size(prefix + "x", 3), Neurons.backprop(), 0);
    vae = new Vae(encoder, file.size(prefix + "eps", 1), 0);
    learner = new AutoencoderLearner(vae, VaeLoss.AUTHORS, 0);
    nameParameters();
    for (Map.Entry<String, Tensor> named : vae.tensors().entrySet()) {
      Tensor p = initialise(named.getKey(), named.getValue());
      initial.put(named.getKey(), backend.zeros(p.shape()).assign(p));
    }
  }

  static void verify(GoldenFile file, Comparison comparison) {
    for (String prefix : new String[] {"", "big."}) {
      if (file.has(prefix + "eps")) {
        comparison.attempt(prefix, c -> verify(file, c, prefix));
      }
    }
  }

  /**
   * Outputs must agree at once; see {@link FineTuneCases} for gradients and what follows from them.
   */
  private static void verify(GoldenFile file, Comparison comparison, String prefix)
      throws IOException {
    new VaeCases(file, comparison, prefix).verify();
    comparison.reconsider(
        part -> part.startsWith(prefix + "grad.") || part.startsWith(prefix + "p_change."),
        "sums in double",
        c -> new VaeCases(file.on(ExactSums.on(file.backend())), c, prefix).verify());
  }

  private void nameParameters() throws CheckpointException {
    seeded.stages(encoder);
    for (String head : new String[] {encoder.architecture().readOut(), "fc_mu", "fc_var"}) {
      layer(head, encoder.featureCount());
    }
    for (Map.Entry<String, Tensor> named : vae.parameters().entrySet()) {
      String[] name = named.getKey().split("\\.");
      if (name[0].matches("dec_(fc|conv)\\d") && name[1].equals("weight")) {
        layer(name[0], named.getValue().size() / named.getValue().size(0));
        seeded.norm(name[0].replaceAll("fc|conv", "bn"));
      }
    }
  }

  private void layer(String name, int fan) {
    seeded.uniform(name + ".weight", fan);
    seeded.uniform(name + ".bias", fan);
  }

  private Tensor initialise(String name, Tensor target) throws CheckpointException {
    seeded.initialise(file.integer("seed"), name, target);
    return target.assign(reordered(name, target, true));
  }

  /** Converts a parameter from our order of rows to PyTorch's, or back. */
  private Tensor reordered(String name, Tensor p, boolean toOurs) {
    if (!IMAGE_ROWS.contains(name.replaceFirst("\\..*", ""))) {
      return p;
    }
    int k = encoder.layers().getLast().kernel();
    int c = p.size(0) / (k * k);
    int width = p.size() / p.size(0);
    Tensor rows =
        toOurs
            ? p.reshape(c, k, k, width).permute(1, 2, 0, 3)
            : p.reshape(k, k, c, width).permute(2, 0, 1, 3);
    return rows.contiguous().reshape(p.shape());
  }

  private void verify() throws IOException {
    Tensor images = file.images(prefix + "x");
    comparison.check(prefix + "x", images);
    Tensor noise = file.tensor(prefix + "eps");
    int steps = file.size(prefix + "loss_mse_kl_total", 0);
    double[] losses = new double[3 * steps];
    evaluate(0, images, noise);
    for (int t = 1; t <= steps; t++) {
      try (Scope _ = backend.scope()) {
        Tape tape = new Tape();
        AutoencoderLearner.Trained trained = learner.forward(tape, images, noise);
        losses[3 * t - 3] = trained.loss().error().value().item();
        losses[3 * t - 2] = trained.loss().divergence().value().item();
        losses[3 * t - 1] = trained.loss().total().value().item();
        if (t == 1) {
          checkPass(tape, trained.pass());
          for (String name : vae.parameters().keySet()) {
            checkParameter("grad." + name, name, learner.gradient(name));
          }
        }
        learner.descend(0);
        checkChanges(t);
      }
      evaluate(t, images, noise);
    }
    comparison.check(prefix + "loss_mse_kl_total", losses);
  }

  private void evaluate(int t, Tensor images, Tensor noise) throws CheckpointException {
    String name = prefix + "eval" + t + ".";
    if (comparison.wants(name + "loss")) {
      try (Scope _ = backend.scope()) {
        Vae.Pass pass = vae.evaluate(images, noise);
        comparison.check(name + "mu", pass.mu().value());
        comparison.check(name + "recon", pass.reconstruction().value());
        Tensor loss = VaeLoss.AUTHORS.of(new Tape(), pass, images).total().value();
        comparison.check(name + "loss", loss);
      }
    }
  }

  private void checkPass(Tape tape, Vae.Pass pass) throws CheckpointException {
    comparison.check(prefix + "mu", pass.mu().value());
    comparison.check(prefix + "logvar", pass.logVariance().value());
    comparison.check(prefix + "z", pass.latents().value());
    comparison.check(prefix + "recon", pass.reconstruction().value());
    for (Map.Entry<String, Variable> output : pass.outputs().entrySet()) {
      String name = prefix + output.getKey();
      comparison.check(name, output.getValue().value());
      if (comparison.wants(name + "_indices")) {
        checkIndices(tape, name, output.getValue());
      }
    }
  }

  /**
   * Compares the positions of the maxima of a max-pooling, row times width plus column, and how
   * many of them are in each place of their windows.
   */
  private void checkIndices(Tape tape, String name, Variable pooled) throws CheckpointException {
    Backend backend = pooled.value().backend();
    Tensor ones = backend.empty(pooled.value().shape()).fill(1);
    Tensor won = tape.maxUnpool(tape.constant(ones), pooled).value();
    int k = won.size(1) / pooled.value().size(1);
    int w = won.size(2);
    float[] numbers = new float[won.size(1) * w];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    Tensor numbered = won.times(backend.of(numbers, won.size(1), w, 1));
    Tensor indices = numbered.maxPool(k); // all but the maximum are 0
    comparison.check(name + "_indices", indices);
    double[] counts = new double[k * k];
    for (float index : indices.toArray()) {
      counts[(int) index / w % k * k + (int) index % w % k]++;
    }
    comparison.check(name + "_offset_counts", counts);
  }

  private void checkChanges(int t) throws CheckpointException {
    for (String name : vae.parameters().keySet()) {
      Tensor before = reordered(name, initial.get(name), false);
      Tensor after = reordered(name, vae.parameters().get(name), false);
      comparison.checkChange(prefix + "p_change." + name + ".step" + t, before, after, t);
    }
    for (Map.Entry<String, Tensor> named : vae.tensors().entrySet()) {
      if (!vae.parameters().containsKey(named.getKey())) {
        checkParameter(named.getKey() + ".step" + t, named.getKey(), named.getValue());
      }
    }
    // The authors' classifier is in their optimiser but gets no gradient, so it does not change.
    String classifier = prefix + "p_change." + encoder.architecture().readOut();
    String bias = classifier + ".bias.step" + t;
    if (comparison.wants(bias)) {
      int classes = file.size(bias + Part.PROBE.suffix(), 0);
      Tensor b = backend.zeros(classes);
      Tensor w = backend.zeros(classes, encoder.featureCount());
      comparison.checkChange(bias, b, b, t);
      comparison.checkChange(classifier + ".weight.step" + t, w, w, t);
    }
  }

  private void checkParameter(String what, String name, Tensor value) throws CheckpointException {
    comparison.check(prefix + what, reordered(name, value, false));
  }
}
