package org.fasthebb.models.readout;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.GridPool;
import org.fasthebb.models.network.Network;

/**
 * How the features of a read-out are made from the maps (b, h, w, c) of a network's last stage, in
 * this order.
 *
 * @param joined whether the maps of all blocks are taken, not only those of the last one; their
 *     features stand side by side
 * @param mirrored whether maps are means over an image and its mirror image
 * @param pooled maps are averaged to this many means along each side; 0 leaves them as they are
 * @param power of the size of each value, whose sign stays; 0.5 takes square roots, 1 changes
 *     nothing
 * @param normalised whether each feature gets mean 0 and variance 1 over training images
 * @param whitened if over 0, features that are normalised are then made uncorrelated: multiplied by
 *     (A + whitened I)^-1/2 for their covariances A over training images; more leaves features of
 *     small variance small
 * @param unitLength whether the features of an image are then divided by their length
 */
public record FeatureForm(
    boolean joined,
    boolean mirrored,
    int pooled,
    float power,
    boolean normalised,
    float whitened,
    boolean unitLength) {
  /** The maps as they are. */
  public static final FeatureForm PLAIN = new FeatureForm(false, false, 0, 1, false, 0, false);

  /** What suits a linear classifier, which is trained for many epochs. */
  public static final FeatureForm NORMALISED = new FeatureForm(false, false, 0, 1, true, 0, false);

  /** What suits read-outs in closed form, which compare images by products of their features. */
  public static final FeatureForm COMPARABLE = new FeatureForm(false, true, 2, 0.5f, true, 0, true);

  private static final String POOLED = "pooled=";
  private static final String POWER = "power=";
  private static final String WHITENED = "whitened=";
  private static final String UNIT_LENGTH = "unit_length";

  /** Checks the ranges. */
  public FeatureForm {
    if (pooled < 0) {
      throw new IllegalArgumentException("pooled is " + pooled + "; it must be at least 0");
    }
    if (!(power > 0 && power < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("power is " + power + "; it must be over 0");
    }
    if (!(whitened >= 0 && whitened < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("whitened is " + whitened + "; it must be at least 0");
    }
    if (whitened > 0 && !normalised) {
      throw new IllegalArgumentException("features are whitened only after they are normalised");
    }
  }

  /**
   * As words with a space between two, such as {@code normalised mirrored pooled=2}; settings of
   * {@link #PLAIN} are left out.
   */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (normalised) {
      words.add("normalised");
    }
    words.addAll(makingWords());
    if (whitened != 0) {
      words.add(WHITENED + whitened);
    }
    if (unitLength) {
      words.add(UNIT_LENGTH);
    }
    return String.join(" ", words);
  }

  /** The words of what {@link #features} depends on. */
  public String making() {
    return String.join(" ", makingWords());
  }

  private List<String> makingWords() {
    List<String> words = new ArrayList<>();
    if (joined) {
      words.add("joined");
    }
    if (mirrored) {
      words.add("mirrored");
    }
    if (pooled != 0) {
      words.add(POOLED + pooled);
    }
    if (power != 1) {
      words.add(POWER + power);
    }
    return words;
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if a word is not known
   */
  public static FeatureForm of(String text) {
    FeatureForm form = PLAIN;
    for (String word : text.isEmpty() ? new String[0] : text.split(" ")) {
      form = form.with(word);
    }
    return form;
  }

  private FeatureForm with(String word) {
    try {
      if (word.startsWith(POOLED)) {
        return pooled(Integer.parseInt(word.substring(POOLED.length())));
      }
      if (word.startsWith(POWER)) {
        float p = Float.parseFloat(word.substring(POWER.length()));
        return new FeatureForm(joined, mirrored, pooled, p, normalised, whitened, unitLength);
      }
      if (word.startsWith(WHITENED)) {
        float w = Float.parseFloat(word.substring(WHITENED.length()));
        return new FeatureForm(joined, mirrored, pooled, power, normalised, w, unitLength);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("its features are " + word + ", which is no number", e);
    }
    return switch (word) {
      case "joined" ->
          new FeatureForm(true, mirrored, pooled, power, normalised, whitened, unitLength);
      case "mirrored" ->
          new FeatureForm(joined, true, pooled, power, normalised, whitened, unitLength);
      case "normalised" ->
          new FeatureForm(joined, mirrored, pooled, power, true, whitened, unitLength);
      case UNIT_LENGTH ->
          new FeatureForm(joined, mirrored, pooled, power, normalised, whitened, true);
      default ->
          throw new IllegalArgumentException(
              "its features are '%s', which this version does not know".formatted(word));
    };
  }

  /** The same with maps averaged to another number of means along each side. */
  public FeatureForm pooled(int other) {
    return new FeatureForm(joined, mirrored, other, power, normalised, whitened, unitLength);
  }

  /** What is done to the features, in words for people. */
  public String describe() {
    List<String> words = new ArrayList<>();
    if (joined) {
      words.add("maps of all blocks");
    }
    if (mirrored) {
      words.add("mean over the mirror image");
    }
    if (pooled != 0) {
      words.add("maps averaged to " + pooled + "x" + pooled);
    }
    if (power != 1) {
      words.add(power == 0.5f ? "square root" : String.format(Locale.ROOT, "power %s", power));
    }
    if (normalised) {
      words.add("mean 0 and variance 1");
    }
    if (whitened != 0) {
      words.add(String.format(Locale.ROOT, "whitened with %s", whitened));
    }
    if (unitLength) {
      words.add("unit length");
    }
    return words.isEmpty() ? "as they are" : String.join(", ", words);
  }

  /**
   * Features (b, F) of images (b, side, side, c), made so but neither normalised, which takes
   * statistics of training images, nor what comes after that.
   */
  public Tensor features(Network network, Tensor images) {
    if (joined) {
      return features(network, network.architecture().blockEnds(), images);
    }
    return of(mirrored ? network.symmetricMaps(images) : network.maps(images));
  }

  /** The same of the maps of some stages, whose features stand side by side. */
  public Tensor features(Network network, List<String> stages, Tensor images) {
    return network.inPieces(images, some -> ofStages(network, stages, some));
  }

  private Tensor ofStages(Network network, List<String> stages, Tensor images) {
    List<Tensor> maps = maps(network, stages, images);
    if (mirrored) {
      List<Tensor> others = maps(network, stages, Network.mirrored(images));
      for (int i = 0; i < maps.size(); i++) {
        maps.set(i, maps.get(i).plus(others.get(i)).timesAssign(0.5f));
      }
    }
    return Network.sideBySide(maps.stream().map(this::of).toList());
  }

  private static List<Tensor> maps(Network network, List<String> stages, Tensor images) {
    List<Tensor> maps = new ArrayList<>();
    try (Scope scope = network.backend().scope()) { // for the maps of all other stages
      network.features(
          images,
          (stage, output) -> {
            if (stages.contains(stage)) {
              maps.add(scope.keep(output.copy()));
            }
          });
    }
    return maps;
  }

  /** Features (b, F) of maps (b, h, w, c). */
  Tensor of(Tensor maps) {
    return raised(flat(pooled == 0 ? maps : GridPool.means(maps, pooled)));
  }

  private static Tensor flat(Tensor x) {
    return x.reshape(x.size(0), x.size() / Math.max(1, x.size(0)));
  }

  private Tensor raised(Tensor x) {
    if (power == 1) {
      return x;
    }
    Tensor positive = size(x.relu());
    return positive.addAssign(size(x.times(-1).reluAssign()).timesAssign(-1));
  }

  private Tensor size(Tensor x) {
    return power == 0.5f ? x.sqrt() : SoftHebb.raised(x, power);
  }

  /** The number F of features of an image. */
  public int width(Network network) {
    return pooled == 0 && !joined
        ? network.featureCount()
        : width(network, images -> features(network, images));
  }

  /** The number F of features of an image that the maps of some stages give. */
  public int width(Network network, List<String> stages) {
    return width(network, images -> features(network, stages, images));
  }

  private static int width(Network network, UnaryOperator<Tensor> features) {
    Backend backend = network.backend();
    try (Scope _ = backend.scope()) {
      Tensor image = backend.empty(1, network.side(), network.side(), Architecture.CHANNELS);
      return features.apply(image.fill(0)).size(1);
    }
  }
}
