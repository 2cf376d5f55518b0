package org.fasthebb.models.protocol;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.network.VaeLoss;

/**
 * The settings of pre-training.
 *
 * @param method how the network learns
 * @param naive whether to use the naive form of its rule
 * @param architecture of the network
 * @param zcaEpsilon added to eigenvalues by whitening, over 0; ignored if inputs are not whitened
 * @param vaeLoss loss of an auto-encoder; ignored by other methods
 * @param eta learning rate of a Hebbian rule, over 0
 * @param temperature of a soft competition, over 0
 * @param winners number of neurons that win a patch, at least 1; ignored by rules without it
 * @param epochs at least 0; a control always has 0
 * @param batch images per step, at least 2
 */
public record PretrainSettings(
    Method method,
    boolean naive,
    Architecture architecture,
    double zcaEpsilon,
    VaeLoss vaeLoss,
    float eta,
    float temperature,
    int winners,
    int epochs,
    int batch) {
  /** The default number of winners, which is the authors'. */
  public static final int WINNERS = 5;

  /** Checks the ranges. */
  public PretrainSettings {
    Ranges.require(batch >= 2, "batch", batch, "at least 2");
    Ranges.require(zcaEpsilon > 0, "zcaEpsilon", zcaEpsilon, "over 0");
    Ranges.require(epochs >= 0, "epochs", epochs, "at least 0");
    Ranges.require(eta > 0, "eta", eta, "over 0");
    Ranges.require(temperature > 0, "temperature", temperature, "over 0");
    Ranges.require(winners >= 1, "winners", winners, "at least 1");
    epochs = method.isPretrained() ? epochs : 0;
  }

  /** The default settings of a method in its default network, with its authors' values. */
  public static PretrainSettings of(Method method) {
    return of(method, Architecture.named(method.architecture()).orElseThrow());
  }

  /** The default settings of a method in some network. */
  public static PretrainSettings of(Method method, Architecture architecture) {
    return new PretrainSettings(
        method,
        false,
        architecture,
        Zca.EPSILON,
        VaeLoss.AUTHORS,
        method.eta(architecture),
        SoftWta.TEMPERATURE,
        WINNERS,
        method.epochs(),
        method.batch(architecture));
  }

  /** A copy of these settings with the naive form of the rule. */
  public PretrainSettings inNaiveForm() {
    return new PretrainSettings(
        method, true, architecture, zcaEpsilon, vaeLoss, eta, temperature, winners, epochs, batch);
  }

  /** A copy of these settings with another number of epochs and another batch size. */
  public PretrainSettings during(int otherEpochs, int otherBatch) {
    return new PretrainSettings(
        method,
        naive,
        architecture,
        zcaEpsilon,
        vaeLoss,
        eta,
        temperature,
        winners,
        otherEpochs,
        otherBatch);
  }

  /** A network with random weights, ready for pre-training by these settings. */
  public Network network(Backend backend, int side, long seed) {
    return new Network(backend, architecture, side, method.neurons(this), seed);
  }

  /** The same network with zeros for weights, for a file to be read into. */
  Network blankNetwork(Backend backend, int side) {
    Neurons neurons = method.neurons(this).startingFrom(Neurons.Start.ZERO);
    return new Network(backend, architecture, side, neurons, 0);
  }

  /**
   * Everything that pre-training depends on, as text that identifies a run. Settings that were
   * added later are left out if they have their default values, so runs saved before these settings
   * existed still resume.
   *
   * @param data name and fingerprint of the data
   */
  public String identity(String data, long seed) {
    PretrainSettings usual = of(method, architecture);
    StringBuilder text = new StringBuilder("data=" + data);
    values().forEach((name, value) -> add(text, name, value, true));
    add(text, "seed", seed, true);
    add(text, "vae_loss", vaeLoss.toString(), method.learning() == Method.Learning.AUTO_ENCODER);
    add(text, "eta", eta, method.isHebbian() && eta != usual.eta);
    add(
        text,
        "temperature",
        temperature,
        method.has(Method.Tuning.TEMPERATURE) && temperature != usual.temperature);
    add(text, "winners", winners, method.has(Method.Tuning.WINNERS) && winners != WINNERS);
    boolean other = !architecture.name().equals(method.architecture());
    add(text, "architecture", architecture.name(), other);
    return text.toString();
  }

  private static void add(StringBuilder text, String name, Object value, boolean wanted) {
    if (wanted) {
      text.append(' ').append(name).append('=').append(value);
    }
  }

  /** The settings that are part of every identity. */
  private Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rule", method);
    values.put(
        "form", naive && method.learning() != Method.Learning.AUTO_ENCODER ? "naive" : "fast");
    values.put("zca_epsilon", method.inputs() == Method.Inputs.WHITENED ? zcaEpsilon : "none");
    values.put("epochs", epochs);
    values.put("batch", batch);
    return values;
  }

  /** All of these settings as text, for the metadata of a model file. */
  Map<String, String> metadata() {
    Map<String, String> text = new LinkedHashMap<>();
    values().forEach((name, value) -> text.put(name, value.toString()));
    text.put("vae_loss", vaeLoss.toString());
    text.put("eta", Float.toString(eta));
    text.put("temperature", Float.toString(temperature));
    text.put("winners", Integer.toString(winners));
    text.put("architecture", architecture.name());
    return text;
  }

  /**
   * Reads what {@link #metadata} wrote; missing settings get their default values.
   *
   * @throws IllegalArgumentException if a value is not known here
   */
  static PretrainSettings of(Map<String, String> metadata) {
    String named = metadata.get("architecture");
    Architecture architecture =
        Architecture.named(String.valueOf(named))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no architecture '%s'; use one of %s"
                        .formatted(named, Architecture.names())));
    String rule = metadata.get("rule");
    Method method =
        Method.named(String.valueOf(rule))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no rule '%s'; use one of %s".formatted(rule, Method.names())));
    PretrainSettings usual = of(method, architecture);
    String epsilon = metadata.getOrDefault("zca_epsilon", "none");
    return new PretrainSettings(
        method,
        metadata.getOrDefault("form", "fast").equals("naive"),
        architecture,
        epsilon.equals("none") ? usual.zcaEpsilon : Double.parseDouble(epsilon),
        VaeLoss.valueOf(
            metadata.getOrDefault("vae_loss", usual.vaeLoss.toString()).toUpperCase(Locale.ROOT)),
        Float.parseFloat(metadata.getOrDefault("eta", Float.toString(usual.eta))),
        Float.parseFloat(metadata.getOrDefault("temperature", Float.toString(usual.temperature))),
        Integer.parseInt(metadata.getOrDefault("winners", Integer.toString(usual.winners))),
        Integer.parseInt(metadata.getOrDefault("epochs", "0")),
        Integer.parseInt(metadata.getOrDefault("batch", Integer.toString(usual.batch))));
  }
}
