package org.fasthebb.models.protocol;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fasthebb.engine.Backend;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.LocalRule;
import org.fasthebb.hebb.Naive;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.network.Layer;
import org.fasthebb.models.network.Neurons;

/**
 * A way to pre-train, or a control that does not: what the paper's tables compare. {@link Methods}
 * lists all of them; what a method needs and how reports call it is said there, and only there.
 */
public final class Method {
  /** What makes the network learn before it sees labels. */
  public enum Learning {
    /** A Hebbian rule, in all layers at once. */
    HEBBIAN,
    /** Backprop in an auto-encoder around the network. */
    AUTO_ENCODER,
    /** Nothing: a control. */
    NOTHING
  }

  /** What the network sees of an image. */
  public enum Inputs {
    /** Every channel with mean 0 and variance 1 over the training images. */
    NORMALISED,
    /** The same, and ZCA-whitened. */
    WHITENED,
    /** Pixels from 0 to 1, as they are. */
    RAW
  }

  /** Numbers that only some rules have. */
  public enum Tuning {
    /** Temperature of a soft competition. */
    TEMPERATURE,
    /** How many neurons win a patch. */
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
  private Neurons.Start start = Neurons.Start.UNIFORM;
  private ReadOut readOut = ReadOut.FINE_TUNE;
  private int epochs;
  private int batch = 64;
  private float eta = 1e-3f;

  private Method(String name, Learning learning) {
    this.name = name;
    this.learning = learning;
  }

  // ---- how Methods describes one

  /** A method that learns by a Hebbian rule; see {@link #rule} for which. */
  static Method hebbian(String name) {
    return new Method(name, Learning.HEBBIAN).epochs(1);
  }

  /** The auto-encoder. */
  static Method autoEncoder(String name) {
    Method method = new Method(name, Learning.AUTO_ENCODER);
    method.biased = true;
    return method;
  }

  /** A control, for which {@code control} names a method that does learn. */
  static Method control(String name, String control) {
    Method method = new Method(name, Learning.NOTHING);
    method.control = control;
    return method;
  }

  /** What it is, in words that follow its name. */
  Method title(String words) {
    title = words;
    return this;
  }

  /** Of its bars and lines in charts; tell it from the others for the colour-blind, too. */
  Method colour(String hex) {
    colour = hex;
    return this;
  }

  /** A rule for which {@link Naive} is the literal form. */
  Method rule(Function<PretrainSettings, LocalRule> local) {
    return rule(local::apply, how -> new Naive(local.apply(how)));
  }

  /** A rule and its literal form. */
  Method rule(
      Function<PretrainSettings, HebbianRule> efficient,
      Function<PretrainSettings, HebbianRule> literal) {
    fast = (how, _) -> efficient.apply(how);
    naive = (how, _) -> literal.apply(how);
    return this;
  }

  /** A rule that is another one in every layer, which also has its own rate and its own start. */
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

  /** The network it is made for. */
  Method architecture(String known) {
    architecture = known;
    return this;
  }

  /** How it is read out where nothing else is said. */
  Method readOut(ReadOut usual) {
    readOut = usual;
    return this;
  }

  /** Epochs of pre-training in a run that is to be over in minutes. */
  Method epochs(int usual) {
    epochs = usual;
    return this;
  }

  Method batch(int usual) {
    batch = usual;
    return this;
  }

  Method eta(float usual) {
    eta = usual;
    return this;
  }

  /** Neurons have a bias and nothing Hebbian. */
  Method biased() {
    biased = true;
    return this;
  }

  /** Only the classifier is trained after pre-training. */
  Method frozen() {
    frozen = true;
    return this;
  }

  // ---- what others ask

  /** The method of a name, as on the command line. */
  public static Optional<Method> named(String name) {
    return all().stream().filter(method -> method.name.equals(name)).findFirst();
  }

  /** All methods, the paper's first. */
  public static List<Method> all() {
    return Methods.ALL;
  }

  /** The names of all methods, for people. */
  public static String names() {
    return all().stream().map(Method::name).collect(Collectors.joining(", "));
  }

  /** In lower case, as on the command line and in files. */
  public String name() {
    return name;
  }

  /** What it is, in words that follow its name. */
  public String title() {
    return title;
  }

  /** Of its bars and lines in charts. */
  public String colour() {
    return colour;
  }

  /** The method to compare it with: its control or, for a control, one that does learn. */
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

  /** What the network sees of an image. */
  public Inputs inputs() {
    return inputs;
  }

  /** Whether its rule has such a number. */
  public boolean has(Tuning tuning) {
    return tunings.contains(tuning);
  }

  /** Name of the architecture it is made for. */
  public String architecture() {
    return architecture;
  }

  /** How it is read out where nothing else is said. */
  public ReadOut readOut() {
    return readOut;
  }

  /** Epochs of pre-training in a run that is to be over in minutes; 0 for a control. */
  public int epochs() {
    return epochs;
  }

  /** Images per step of pre-training where nothing else is said. */
  public int batch() {
    return batch;
  }

  /** Learning rate of its rule where nothing else is said. */
  public float eta() {
    return eta;
  }

  /** Fits what the network sees to the training images. */
  Preprocessing prepare(Backend backend, Examples training, double zcaEpsilon, Progress progress) {
    return switch (inputs) {
      case NORMALISED -> Preprocessing.fit(backend, training);
      case WHITENED -> Preprocessing.fitWhitened(backend, training, zcaEpsilon, progress);
      case RAW -> Preprocessing.raw(backend, training.set().channels());
    };
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
