package org.fasthebb.tools.option;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Option;

/** Options of pre-training. */
public final class PretrainOptions {
  /** The forms of a rule; their results agree up to rounding. */
  public enum RuleForm {
    /** By matrix products. */
    FAST,
    /** By the equation that defines the rule. */
    NAIVE;

    /** The name on the command line, which a shell completes. */
    @Override
    public String toString() {
      return Text.name(this);
    }
  }

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      defaultValue = "hpca",
      converter = MethodConverter.class,
      completionCandidates = MethodConverter.MethodNames.class,
      description =
          "Rule or control of pre-training: ${bundle:methods}. Default: ${DEFAULT-VALUE}.")
  private Method method;

  @Option(
      names = "--form",
      paramLabel = "FORM",
      defaultValue = "fast",
      description =
          "Form of the rule: fast (that of the FastHebb paper) or naive (its defining equation;"
              + " needs far more time and memory). Default: ${DEFAULT-VALUE}.")
  private RuleForm form;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description =
          "Network: small (the paper's for 32x32 images), imagenet (the paper's for 210x210"
              + " images), softhebb or patches (a single layer of 6x6 patches). Default: softhebb"
              + " for the rule softhebb, imagenet for --data imagenet and for packs of it if their"
              + " images are 210x210 or --side is given, small for all others.")
  private String architecture;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Epochs of pre-training. Default: 4 for hpca and vae, 1 for other rules.")
  private Integer epochs;

  @Option(
      names = "--eta",
      paramLabel = "RATE",
      description =
          "Learning rate of a Hebbian rule. Default: 0.001, or 0.0001 for hpca, oja, subspace and"
              + " ica in the network imagenet; 0.01 for sparse-coding, or 0.001 there; for softhebb"
              + " 1, a factor on the rates of its layers.")
  private Float eta;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Temperature of swta, over 0: the lower it is, the larger the share of the most similar"
              + " neuron in each patch. Default: 0.02.")
  private float temperature = SoftWta.TEMPERATURE;

  @Option(
      names = "--winners",
      paramLabel = "K",
      description = "Number of neurons that win a patch in k-wta. Default: 5.")
  private int winners = PretrainSettings.WINNERS;

  @Option(
      names = "--zca-epsilon",
      paramLabel = "E",
      defaultValue = "0.01",
      description =
          "Number, over 0, that whitening (for swta, hard-wta, k-wta, ica and sparse-coding) adds"
              + " to the variances it divides by, in units of the variance of all pixels: a smaller"
              + " one amplifies finer detail, and noise. Default: ${DEFAULT-VALUE}.")
  private double zcaEpsilon;

  @Option(
      names = "--vae-loss",
      paramLabel = "LOSS",
      defaultValue = "authors",
      description =
          "Loss of vae: authors (mean squared error per value + half the divergence per image) or"
              + " elbo (the evidence lower bound, with both per image). Default: ${DEFAULT-VALUE}.")
  private VaeLoss vaeLoss;

  /** The paper's network for the data. */
  private Architecture forData;

  private PretrainOptions() {}

  /** Refuses values that are out of range or do not fit each other. */
  public void check(ToolCommand command, DataOptions data) {
    forData = data.architecture();
    command.require(
        epochs == null || epochs >= 0, "--epochs is " + epochs + "; it must be at least 0");
    command.require(
        architecture == null || Architecture.named(architecture).isPresent(),
        "--architecture is '" + architecture + "'; use one of " + Architecture.names());
    Parameter.ZCA_EPSILON.check(command, zcaEpsilon);
    Parameter.ETA.check(command, eta());
    Parameter.TEMPERATURE.check(command, temperature);
    Parameter.WINNERS.check(command, winners);
    Parameter.warnOfUnused(command, true, method, method.readOut());
  }

  /** Takes another rule than the default, as if it had been given. */
  public void use(Method other) {
    method = other;
  }

  /** The rule or control. */
  public Method method() {
    return method;
  }

  /** The network. */
  public Architecture architecture() {
    return architecture == null ? usual(method) : Architecture.named(architecture).orElseThrow();
  }

  /** The network where none is asked for. */
  private Architecture usual(Method rule) {
    return rule.architecture(forData);
  }

  private int epochs() {
    return epochs == null ? method.epochs() : epochs;
  }

  private float eta() {
    return eta == null ? method.eta(architecture()) : eta;
  }

  /**
   * The settings that these options describe.
   *
   * @param batch images per step; null for the method's default
   */
  public PretrainSettings settings(Integer batch) {
    return new PretrainSettings(
        method,
        form == RuleForm.NAIVE,
        architecture(),
        zcaEpsilon,
        vaeLoss,
        eta(),
        temperature,
        winners,
        epochs(),
        batch == null ? method.batch(architecture()) : batch);
  }

  /**
   * These options as words of a command line.
   *
   * @param other the method of that command line; null for this one with the same epochs, the same
   *     one for its default epochs
   */
  public List<String> words(Method other) {
    if (other != null && other != method) {
      String same = architecture().name();
      return architecture().equals(usual(other))
          ? List.of("--rule", other.name())
          : List.of("--rule", other.name(), "--architecture", same);
    }
    PretrainSettings usual = PretrainSettings.of(method, architecture());
    List<String> words = new ArrayList<>(List.of("--rule", method.name()));
    if (architecture != null) {
      words.addAll(List.of("--architecture", architecture));
    }
    if (method.isHebbian()) {
      words.addAll(List.of("--form", Text.name(form)));
      Defaults.addUnlessUsual(words, "--eta", eta(), usual.eta());
    }
    if (method.has(Method.Tuning.TEMPERATURE)) {
      Defaults.addUnlessUsual(words, "--temperature", temperature, usual.temperature());
    }
    if (method.has(Method.Tuning.WINNERS)) {
      Defaults.addUnlessUsual(words, "--winners", winners, usual.winners());
    }
    if (method.learning() == Method.Learning.AUTO_ENCODER) {
      words.addAll(List.of("--vae-loss", Text.name(vaeLoss)));
    }
    if (method.isPretrained()) {
      int shown = other == null ? epochs() : method.epochs();
      words.addAll(List.of("--epochs", Integer.toString(shown)));
    }
    if (method.inputs() == Method.Inputs.WHITENED) {
      words.addAll(List.of("--zca-epsilon", Double.toString(zcaEpsilon)));
    }
    return words;
  }
}
