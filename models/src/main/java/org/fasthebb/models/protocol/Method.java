package org.fasthebb.models.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.FeedbackRule;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.LocalRule;
import org.fasthebb.hebb.Naive;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Layer;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;

/**
 * A way to pre-train, or a control without pre-training: the rows of the paper's tables. {@code
 * Methods} lists all of them with what each one needs and how reports show it. Help, tables and
 * reports read that list, so adding a method means adding one entry there:
 *
 * <pre>{@code
 * Method.hebbian("oja")
 *     .title("Oja's rule: every neuron looks for the first principal component")
 *     .colour("#aa3377")
 *     .rule(settings -> new Oja())
 * }</pre>
 */
public final class Method {
  /** Pixels of the images that patches are taken from: those of 256 images of 32x32. */
  private static final int PATCH_PIXELS = 1 << 18;

  /** Pixels of the images that a network is fitted to before it learns: 1,024 of 32x32. */
  private static final int FITTED_PIXELS = 1 << 20;

  /** What makes the network learn before it sees labels. */
  public enum Learning {
    /** A Hebbian rule trains all layers at once. */
    HEBBIAN,
    /** Backprop trains an auto-encoder around the network. */
    AUTO_ENCODER,
    /** Nothing trains it: the method is a control. */
    NOTHING
  }

  /** What the network sees of an image. */
  public enum Inputs {
    /** Every channel is normalised to mean 0 and variance 1 over the training images. */
    NORMALISED,
    /** Channels are normalised, then images are ZCA-whitened. */
    WHITENED,
    /** Pixels are scaled to 0 .. 1 and not changed otherwise. */
    RAW
  }

  /** Hyper-parameters that only some rules have. */
  public enum Tuning {
    /** Temperature of the soft competition. */
    TEMPERATURE,
    /** Number of neurons that win a patch. */
    WINNERS
  }

  private final String name;
  private final Learning learning;
  private String title;
  private String colour = "#56b4e9";
  private String control = "none";
  private String architecture = "small";
  private Inputs inputs = Inputs.NORMALISED;
  private BiFunction<PretrainSettings, Layer.Neural, HebbianRule> fast;
  private BiFunction<PretrainSettings, Layer.Neural, HebbianRule> naive;
  private Set<Tuning> tunings = Set.of();
  private boolean biased;
  private boolean layerRates;
  private boolean frozen;
  private boolean fromPatches;
  private Neurons.Start start = Neurons.Start.UNIFORM;
  private ReadOut readOut = ReadOut.FINE_TUNE;
  private int epochs;
  private Integer batch;
  private float eta = 1e-3f;
  private float imagenetEta = 1e-3f;

  private Method(String name, Learning learning) {
    this.name = name;
    this.learning = learning;
  }

  // ---- builders, for Methods

  /** A method that learns by a Hebbian rule; set the rule with {@link #rule}. */
  static Method hebbian(String name) {
    return new Method(name, Learning.HEBBIAN).epochs(1);
  }

  /** The auto-encoder. */
  static Method autoEncoder(String name) {
    Method method = new Method(name, Learning.AUTO_ENCODER);
    method.biased = true;
    return method;
  }

  /** A control; {@code control} names the method with pre-training that it is compared with. */
  static Method control(String name, String control) {
    Method method = new Method(name, Learning.NOTHING);
    method.control = control;
    return method;
  }

  /** Sets the description that help and reports show after the name. */
  Method title(String words) {
    title = words;
    return this;
  }

  /** Sets the colour in charts; the colour-blind must be able to tell it from the others. */
  Method colour(String hex) {
    colour = hex;
    return this;
  }

  /** Sets a rule whose naive form is {@link Naive}. */
  Method rule(Function<PretrainSettings, LocalRule> local) {
    return rule(local::apply, how -> new Naive(local.apply(how)));
  }

  /** Sets the fast and the naive form of a rule. */
  Method rule(
      Function<PretrainSettings, HebbianRule> efficient,
      Function<PretrainSettings, HebbianRule> literal) {
    fast = (how, _) -> efficient.apply(how);
    naive = (how, _) -> literal.apply(how);
    return this;
  }

  /** Sets a rule whose naive form is {@link FeedbackRule.NaiveFeedback}. */
  Method feedback(FeedbackRule rule) {
    return rule(_ -> rule, _ -> new FeedbackRule.NaiveFeedback(rule));
  }

  /**
   * Sets a rule that differs by layer. Layers have rates of their own and normal initial weights.
   */
  Method layerRule(Function<Layer.Neural, LocalRule> local) {
    fast = (_, layer) -> local.apply(layer);
    naive = (_, layer) -> new Naive(local.apply(layer));
    layerRates = true;
    start = Neurons.Start.NORMAL;
    return this;
  }

  Method tuning(Tuning... own) {
    tunings = Set.of(own);
    return this;
  }

  Method inputs(Inputs seen) {
    inputs = seen;
    return this;
  }

  /** Sets the architecture that the method uses by default. */
  Method architecture(String known) {
    architecture = known;
    return this;
  }

  /** Sets the control that the method is compared with, where that is not none. */
  Method control(String name) {
    control = name;
    return this;
  }

  /** Sets the default read-out. */
  Method readOut(ReadOut usual) {
    readOut = usual;
    return this;
  }

  /** Sets the default number of pre-training epochs, chosen so that a run takes minutes. */
  Method epochs(int usual) {
    epochs = usual;
    return this;
  }

  /** Sets the default number of images per step, where that is not the architecture's. */
  Method batch(int usual) {
    batch = usual;
    return this;
  }

  /** Sets the default learning rate in all architectures. */
  Method eta(float usual) {
    return eta(usual, usual);
  }

  /** Sets the default learning rate, and that in the network for ImageNet. */
  Method eta(float usual, float imagenet) {
    eta = usual;
    imagenetEta = imagenet;
    return this;
  }

  /** Gives neurons a bias and no Hebbian rule. */
  Method biased() {
    biased = true;
    return this;
  }

  /** Keeps the network fixed: only the classifier is trained on labels. */
  Method frozen() {
    frozen = true;
    return this;
  }

  /** Makes the weights of a control random patches instead of random numbers. */
  Method fromPatches() {
    fromPatches = true;
    return this;
  }

  // ---- properties

  /** The method of this name, if there is one. */
  public static Optional<Method> named(String name) {
    return all().stream().filter(method -> method.name.equals(name)).findFirst();
  }

  /** All methods, the paper's first. */
  public static List<Method> all() {
    return Methods.ALL;
  }

  /** The names of all methods, separated by commas. */
  public static String names() {
    return all().stream().map(Method::name).collect(Collectors.joining(", "));
  }

  /** The name on the command line and in files, in lower case. */
  public String name() {
    return name;
  }

  /** The description that help and reports show after the name. */
  public String title() {
    return title;
  }

  /** The colour of its bars and lines in charts, as #rrggbb. */
  public String colour() {
    return colour;
  }

  /** The method to compare it with: its control or, for a control, a method with pre-training. */
  public Method counterpart() {
    return named(control).orElseThrow();
  }

  /** What makes the network learn before it sees labels. */
  public Learning learning() {
    return learning;
  }

  /** Whether the network learns before it sees labels. */
  public boolean isPretrained() {
    return learning != Learning.NOTHING;
  }

  /** Whether layers learn by a Hebbian rule. */
  public boolean isHebbian() {
    return learning == Learning.HEBBIAN;
  }

  /** Whether only the classifier is trained after pre-training. */
  public boolean isFrozen() {
    return frozen;
  }

  /** Whether its weights are random patches of what its layers see. */
  public boolean isFromPatches() {
    return fromPatches;
  }

  /** Whether only labels teach it, so that a read-out of a network that stays fixed is no use. */
  public boolean isSupervised() {
    return biased && !isPretrained();
  }

  /** What the network sees of an image. */
  public Inputs inputs() {
    return inputs;
  }

  /** Whether its rule has this hyper-parameter. */
  public boolean has(Tuning tuning) {
    return tunings.contains(tuning);
  }

  /** The name of its default architecture. */
  public String architecture() {
    return architecture;
  }

  /** Its network: its own, or {@code usual} if it has none of its own. */
  public Architecture architecture(Architecture usual) {
    Architecture own = Architecture.named(architecture).orElseThrow();
    return own.equals(Architecture.small()) ? usual : own;
  }

  /** The default read-out. */
  public ReadOut readOut() {
    return readOut;
  }

  /** The default number of pre-training epochs, chosen for a run of minutes; 0 for a control. */
  public int epochs() {
    return epochs;
  }

  /** The default number of images per step of pre-training. */
  public int batch(Architecture network) {
    return batch == null ? network.batch() : batch;
  }

  /** The default learning rate of its rule. */
  public float eta(Architecture network) {
    return network.name().equals(Architecture.imagenet().name()) ? imagenetEta : eta;
  }

  /** Computes the preprocessing of images from the training images. */
  public Preprocessing prepare(
      Backend backend, Examples training, double zcaEpsilon, Progress progress) {
    return switch (inputs) {
      case NORMALISED -> Preprocessing.fit(backend, training);
      case WHITENED -> Preprocessing.fitWhitened(backend, training, zcaEpsilon, progress);
      case RAW -> Preprocessing.raw(backend, training.set().channels());
    };
  }

  /**
   * Prepares a network from some of the training images before it learns; see {@link Network#fit}.
   * Of large images fewer are used. The weights of some controls become random patches.
   *
   * @param seed decides which patches
   */
  public void start(Network network, Preprocessing inputs, Examples training, long seed) {
    try (Scope _ = network.backend().scope()) {
      network.fit(some(network, inputs, training, FITTED_PIXELS), seed);
    }
    if (fromPatches) {
      try (Scope _ = network.backend().scope()) {
        network.startFromPatches(some(network, inputs, training, PATCH_PIXELS), seed);
      }
    }
  }

  private static Tensor some(Network network, Preprocessing inputs, Examples training, int pixels) {
    int most = Math.max(2, pixels / (network.side() * network.side()));
    int count = Math.min(training.size(), most);
    return inputs.batch(training.set(), Arrays.copyOf(training.indices(), count));
  }

  /** The neurons of its network. */
  Neurons neurons(PretrainSettings how) {
    if (biased) {
      return Neurons.backprop();
    }
    var form = how.naive() ? naive : fast;
    return new Neurons(layer -> form.apply(how, layer), false, true, layerRates, start);
  }

  @Override
  public String toString() {
    return name;
  }
}
