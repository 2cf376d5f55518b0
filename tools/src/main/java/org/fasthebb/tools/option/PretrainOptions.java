package org.fasthebb.tools.option;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.protocol.Hyperparameters;
import org.fasthebb.models.protocol.Settings.Rule;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Option;

/** How to pre-train. */
public final class PretrainOptions {
  /** Ways to compute a rule; the results agree up to rounding. */
  public enum Form {
    FAST,
    NAIVE
  }

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      defaultValue = "hpca",
      description =
          "swta (soft winner-takes-all), hpca (Hebbian principal components), vae (no Hebbian rule"
              + " but backprop in a variational auto-encoder, the baseline), or a control without"
              + " pre-training: none (the network of hpca), frozen (the same, and only its"
              + " classifier learns), supervised (the usual network). Default: ${DEFAULT-VALUE}.")
  private Rule rule;

  @Option(
      names = "--form",
      paramLabel = "FORM",
      defaultValue = "fast",
      description =
          "fast (the form of the FastHebb paper) or naive (the one that defines the rule; needs"
              + " far more time and memory). Default: ${DEFAULT-VALUE}.")
  private Form form;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Epochs of pre-training. Default: "
              + Defaults.EPOCHS_HPCA
              + " for hpca, "
              + Defaults.EPOCHS_VAE
              + " for vae, "
              + Defaults.EPOCHS_SWTA
              + " for swta.")
  private Integer epochs;

  @Option(
      names = "--eta",
      paramLabel = "RATE",
      description = "Learning rate of swta and hpca. Default: 0.001.")
  private float eta = Hyperparameters.AUTHORS.eta();

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Of swta: less leaves more of each patch to the neuron that is most alike. Default:"
              + " 0.02.")
  private float temperature = Hyperparameters.AUTHORS.temperature();

  @Option(
      names = "--zca-epsilon",
      paramLabel = "E",
      defaultValue = "0.01",
      description =
          "What whitening, which swta needs, adds to the variances it divides by, in units of the"
              + " variance of all pixels: less amplifies finer detail, and noise. Default:"
              + " ${DEFAULT-VALUE}.")
  private double zcaEpsilon;

  @Option(
      names = "--vae-loss",
      paramLabel = "LOSS",
      defaultValue = "authors",
      description =
          "What vae minimises: authors (mean squared error of values + half the divergence of an"
              + " image) or elbo (both for a whole image, the evidence lower bound). Default:"
              + " ${DEFAULT-VALUE}.")
  private VaeLoss vaeLoss;

  private PretrainOptions() {}

  public void check(ToolCommand command) {
    command.require(
        epochs == null || epochs >= 0, "--epochs is " + epochs + "; it must be at least 0");
    Parameter.ZCA_EPSILON.check(command, zcaEpsilon);
    Parameter.ETA.check(command, eta);
    Parameter.TEMPERATURE.check(command, temperature);
  }

  public Rule rule() {
    return rule;
  }

  public boolean naive() {
    return form == Form.NAIVE;
  }

  public double zcaEpsilon() {
    return zcaEpsilon;
  }

  public VaeLoss vaeLoss() {
    return vaeLoss;
  }

  /** {@code others} with those of these options. */
  public Hyperparameters over(Hyperparameters others) {
    return others.withPretraining(eta, temperature);
  }

  public int epochs() {
    return epochs == null ? Defaults.epochs(rule) : epochs;
  }

  /** These options again, but with another rule if that is not null. */
  public List<String> words(Rule other) {
    if (other != null && other != rule) {
      return List.of("--rule", Text.name(other));
    }
    List<String> words = new ArrayList<>(List.of("--rule", Text.name(rule)));
    if (rule.isHebbian()) {
      words.addAll(List.of("--form", Text.name(form)));
      Defaults.addUnlessUsual(words, "--eta", eta, Hyperparameters.AUTHORS.eta());
    }
    if (rule == Rule.SWTA) {
      float usual = Hyperparameters.AUTHORS.temperature();
      Defaults.addUnlessUsual(words, "--temperature", temperature, usual);
    }
    if (rule == Rule.VAE) {
      words.addAll(List.of("--vae-loss", Text.name(vaeLoss)));
    }
    if (rule.isPretrained()) {
      words.addAll(List.of("--epochs", Integer.toString(epochs())));
    }
    if (rule.variant().isWhitened()) {
      words.addAll(List.of("--zca-epsilon", Double.toString(zcaEpsilon)));
    }
    return words;
  }
}
