package org.fasthebb.models.protocol;

import java.util.List;
import org.fasthebb.hebb.HardWta;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.Ica;
import org.fasthebb.hebb.LocalRule;
import org.fasthebb.hebb.NaiveHpca;
import org.fasthebb.hebb.Oja;
import org.fasthebb.hebb.Response;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.hebb.SparseCoding;
import org.fasthebb.hebb.Subspace;
import org.fasthebb.models.network.Layer;
import org.fasthebb.models.protocol.Method.Inputs;
import org.fasthebb.models.protocol.Method.Tuning;

/**
 * The catalogue of methods. To add a rule, write a record in hebb and an entry here; help, tables
 * and reports then include it.
 */
final class Methods {
  /** The paper's three methods, its controls, and the other rules. */
  static final List<Method> ALL =
      List.of(
          Method.hebbian("swta")
              .title("soft winner-takes-all")
              .colour("#0072b2")
              .rule(how -> new SoftWta(how.temperature()))
              .tuning(Tuning.TEMPERATURE)
              .inputs(Inputs.WHITENED),
          Method.hebbian("hpca")
              .title("Hebbian principal component analysis")
              .colour("#d55e00")
              .rule(_ -> new Hpca(), _ -> new NaiveHpca())
              .eta(1e-3f, 1e-4f)
              .epochs(4),
          Method.autoEncoder("vae")
              .title("no Hebbian rule but backprop in a variational auto-encoder, the baseline")
              .colour("#cc79a7")
              .epochs(4),
          Method.control("none", "hpca")
              .title("no pre-training: the network of hpca with its random weights")
              .colour("#888888")
              .rule(_ -> new Hpca(), _ -> new NaiveHpca()),
          Method.control("frozen", "hpca")
              .title("no pre-training, and only the classifier learns: random features")
              .colour("#b8860b")
              .rule(_ -> new Hpca(), _ -> new NaiveHpca())
              .frozen(),
          Method.control("supervised", "hpca")
              .title("no pre-training: the usual network with biases, trained by backprop alone")
              .colour("#009e73")
              .biased(),
          Method.hebbian("hard-wta")
              .title("hard winner-takes-all")
              .colour("#4477aa")
              .rule(_ -> new HardWta())
              .inputs(Inputs.WHITENED),
          Method.control("random-patches", "hard-wta")
              .title("no pre-training: every neuron is a random patch of training images")
              .colour("#999933")
              .rule(_ -> new HardWta())
              .inputs(Inputs.WHITENED)
              .fromPatches(),
          Method.hebbian("k-wta")
              .title("k winners take all")
              .colour("#66ccee")
              .rule(how -> new HardWta(how.winners()))
              .tuning(Tuning.WINNERS)
              .inputs(Inputs.WHITENED),
          Method.hebbian("oja")
              .title("Oja's rule: every neuron looks for the first principal component")
              .colour("#aa3377")
              .rule(_ -> new Oja())
              .eta(1e-3f, 1e-4f),
          Method.hebbian("subspace")
              .title("Oja's subspace rule: neurons span the principal subspace together")
              .colour("#ccbb44")
              .feedback(new Subspace())
              .eta(1e-3f, 1e-4f),
          Method.hebbian("ica")
              .title("independent component analysis: neurons look for independent sparse sources")
              .colour("#ee6677")
              .feedback(new Ica())
              .inputs(Inputs.WHITENED)
              .eta(1e-3f, 1e-4f),
          Method.hebbian("sparse-coding")
              .title("sparse coding: few neurons at a time reconstruct a patch together")
              .colour("#bbbbbb")
              .feedback(new SparseCoding())
              .inputs(Inputs.WHITENED)
              .eta(1e-2f, 1e-3f),
          Method.hebbian("softhebb")
              .title("SoftHebb, in its own network of three blocks")
              .colour("#228833")
              .layerRule(Methods::competition)
              .architecture("softhebb")
              .inputs(Inputs.RAW)
              .readOut(ReadOut.LINEAR)
              .control("softhebb-random")
              .batch(10)
              .eta(1),
          Method.control("softhebb-random", "softhebb")
              .title("no pre-training: the network of softhebb with its random weights")
              .colour("#777777")
              .layerRule(Methods::competition)
              .architecture("softhebb")
              .inputs(Inputs.RAW)
              .readOut(ReadOut.LINEAR)
              .batch(10),
          Method.hebbian("patches")
              .title("k-means of whitened patches: hard winner-takes-all in one layer")
              .colour("#661100")
              .layerRule(Methods::competition)
              .architecture("patches")
              .inputs(Inputs.RAW)
              .readOut(ReadOut.RIDGE)
              .control("patches-random")
              .eta(1),
          Method.control("patches-random", "patches")
              .title("no pre-training: the network of patches, neurons are random patches")
              .colour("#997700")
              .layerRule(Methods::competition)
              .architecture("patches")
              .inputs(Inputs.RAW)
              .readOut(ReadOut.RIDGE),
          Method.hebbian("softhebb-patches")
              .title("SoftHebb's network beside k-means of whitened patches")
              .colour("#332288")
              .layerRule(Methods::competition)
              .architecture("softhebb-patches")
              .inputs(Inputs.RAW)
              .readOut(ReadOut.RIDGE)
              .control("softhebb-patches-random")
              .batch(10)
              .eta(1),
          Method.control("softhebb-patches-random", "softhebb-patches")
              .title("no pre-training: the network of softhebb-patches, random weights and patches")
              .colour("#555555")
              .layerRule(Methods::competition)
              .architecture("softhebb-patches")
              .inputs(Inputs.RAW)
              .readOut(ReadOut.RIDGE)
              .batch(10));

  private Methods() {}

  /** SoftHebb, or its limit of infinite sharpness; neither gives rectified outputs. */
  private static LocalRule competition(Layer.Neural layer) {
    return layer.sharpness() == Float.POSITIVE_INFINITY
        ? new HardWta(1, Response.SIGNED)
        : new SoftHebb(layer.sharpness());
  }
}
