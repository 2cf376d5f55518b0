package org.fasthebb.tools.verify;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How closely a computation in float32 must agree with a recorded tensor. The limits come with the
 * golden files: at least 3.3 times, mostly 10 to 50 times, the error of the authors' own code in
 * float32.
 *
 * @param family files that it is for
 * @param tensors names that it is for, without {@link Part} suffixes
 * @param what distinguishes it, for people, from others of the same case; empty if it is the only
 *     one
 * @param metric how the error is measured
 * @param limit the largest error that passes
 */
record Tolerance(Family family, Pattern tensors, String what, Metric metric, double limit) {
  /**
   * Parameters of the auto-encoder for ImageNet whose gradients rounding moves least: those of the
   * encoder, and most of the decoder's last two layers.
   */
  private static final String STEADY =
      "(dec_(bn[89]\\.\\w+|conv[89]\\.weight)|(bn|conv|fc)\\d\\d?\\.\\w+|fc_\\w+\\.\\w+)";

  /** Those whose gradients rounding moves most: the decoder's biases, and its first weights. */
  private static final String BIASES = "dec_(fc0\\.weight|(fc|conv)\\d\\.bias)";

  /** All tolerances; the first that matches a tensor applies. */
  private static final List<Tolerance> ALL =
      List.of(
          of(Family.LAYER_SWTA, ".*\\.(s|c|y_out|w_after)", "s,c,y_out,w_after", 1e-5),
          of(Family.LAYER_SWTA, ".*\\.(r|delta_w_\\w+)", "r,delta_w", 2e-5),
          of(Family.LAYER_HPCA, ".*", "", 1e-5),
          of(Family.MODIFIED_BN, ".*", "", 3e-6),
          change(Family.NET6, "w_change\\..*", "", 5e-3),
          of(Family.NET6, "(out|out_eval|logits_.*|bn\\d\\.running.*)(\\..*)?", "", 5e-5),
          of(Family.NET6, "delta_w\\..*", "", 1e-4),
          of(Family.NET6, "(w|fc6)\\..*", "", 1e-4),
          change(Family.FINETUNE, "\\w+\\.p_change\\..*\\.step1", "step1", 5e-3),
          change(Family.FINETUNE, "\\w+\\.p_change\\..*\\.step\\d+", "later", 3e-2),
          of(Family.FINETUNE, "\\w+\\.grad\\..*", "", 5e-5),
          of(Family.FINETUNE, "\\w+\\.p\\..*", "", 1e-3),
          of(Family.FINETUNE, "\\w+\\.loss", "", 2e-5),
          of(Family.FINETUNE, "\\w+\\.logits_(train\\.step1|eval\\.step[01])", "start", 5e-5),
          of(Family.FINETUNE, "\\w+\\.logits_.*", "later", 1e-3),
          of(Family.FINETUNE, "\\w+\\.bn\\d\\.running.*", "", 1e-4),
          of(Family.ZCA, ".*", "", 5e-5),
          of(Family.SOFTHEBB, ".*", "", 1e-5),
          with(Metric.EXACT, Family.VAE, "pool\\d_indices", "indices", 2),
          change(Family.VAE, "big\\.p_change\\..*", "p_change", 5e-2),
          with(Metric.ZERO, Family.VAE, "big\\.grad\\.dec_conv5\\.bias", "grad that is 0", 1e-6),
          of(Family.VAE, "big\\.grad\\..*", "grad", 1e-4),
          of(Family.VAE, "(mu|logvar|z|recon|bn5|loss_mse_kl_total)", "outputs", 5e-4),
          of(Family.VAE, ".*", "", 5e-5),
          of(Family.NET10, "x", "", 1e-6),
          change(Family.NET10, "w_change\\..*", "", 1e-3),
          of(Family.NET10, "(out|out_eval)\\.(conv\\d|pool\\d|bn[1-8]|fc9)", "maps", 3e-5),
          of(Family.NET10, "(out|out_eval|logits_.*)(\\..*)?", "features and scores", 3e-4),
          of(Family.NET10, "bn\\d\\.running_.*", "", 2e-5),
          of(Family.NET10, "delta_w\\.fc10", "fc10", 3e-4),
          of(Family.NET10, "delta_w\\..*", "", 3e-5),
          of(Family.NET10, "(w|fc10)\\..*", "", 2e-4),
          of(Family.VAE10, "x", "images", 1e-6),
          with(Metric.EXACT, Family.VAE10, "pool\\d_indices", "indices", 2),
          of(Family.VAE10, "pool\\d_offset_counts", "counts of indices", 1e-3),
          with(Metric.ZERO, Family.VAE10, "grad\\.dec_conv9\\.bias", "grad that is 0", 1e-6),
          with(
              Metric.ZERO,
              Family.VAE10,
              "p_change\\.dec_conv9\\.bias\\.step1",
              "p_change that is 0",
              1e-6),
          of(Family.VAE10, "grad\\." + STEADY, "grad of the encoder", 3e-2),
          of(Family.VAE10, "grad\\." + BIASES, "grad of the decoder's biases", 0.6),
          of(Family.VAE10, "grad\\..*", "grad of the decoder", 0.2),
          change(
              Family.VAE10, "p_change\\." + STEADY + "\\.step1", "p_change of the encoder", 3e-2),
          change(
              Family.VAE10,
              "p_change\\." + BIASES + "\\.step1",
              "p_change of the decoder's biases",
              0.6),
          change(Family.VAE10, "p_change\\..*", "p_change of the decoder", 0.2),
          of(Family.VAE10, "eval1\\.recon", "recon after the step", 0.15),
          of(Family.VAE10, "eval1\\..*", "after the step", 1e-3),
          of(Family.VAE10, "(recon|eval0\\.recon)", "recon", 2e-2),
          of(Family.VAE10, "(mu|logvar|z|bn9|loss_mse_kl_total)", "outputs", 5e-4),
          of(Family.VAE10, "(dec_)?bn\\d\\.running_.*", "running", 1e-4),
          of(Family.VAE10, ".*", "", 5e-5),
          of(Family.ZCA210, "fit\\.Z", "Z", 0.5),
          of(Family.ZCA210, "fit\\.x_white", "x_white", 2e-2),
          of(Family.ZCA210, ".*", "", 5e-5));

  private static Tolerance of(Family family, String tensors, String what, double limit) {
    return with(Metric.RELATIVE, family, tensors, what, limit);
  }

  private static Tolerance change(Family family, String tensors, String what, double limit) {
    return with(Metric.CHANGE, family, tensors, what, limit);
  }

  private static Tolerance with(
      Metric metric, Family family, String tensors, String what, double limit) {
    return new Tolerance(family, Pattern.compile(tensors), what, metric, limit);
  }

  /** The tolerance of a tensor, or null if there is none. */
  static Tolerance of(Family family, String tensor) {
    for (Tolerance tolerance : ALL) {
      if (tolerance.family == family && tolerance.tensors.matcher(tensor).matches()) {
        return tolerance;
      }
    }
    return null;
  }
}
