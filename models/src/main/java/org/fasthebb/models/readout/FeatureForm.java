package org.fasthebb.models.readout;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;

/**
 * How the features of a read-out are made from the maps (b, h, w, c) of a network's last stage, in
 * this order.
 *
 * @param mirrored whether maps are means over an image and its mirror image
 * @param pooled maps are averaged to this many means along each side; 0 leaves them as they are
 * @param power of the size of each value, whose sign stays; 0.5 takes square roots, 1 changes
 *     nothing
 * @param normalised whether each feature gets mean 0 and variance 1 over training images
 * @param unitLength whether the features of an image are then divided by their length
 */
public record FeatureForm(
    boolean mirrored, int pooled, float power, boolean normalised, boolean unitLength) {
  /** The maps as they are. */
  public static final FeatureForm PLAIN = new FeatureForm(false, 0, 1, false, false);

  /** What suits a linear classifier, which is trained for many epochs. */
  public static final FeatureForm NORMALISED = new FeatureForm(false, 0, 1, true, false);

  /** What suits read-outs in closed form, which compare images by products of their features. */
  public static final FeatureForm COMPARABLE = new FeatureForm(true, 2, 0.5f, true, true);

  private static final String POOLED = "pooled=";
  private static final String POWER = "power=";
  private static final String UNIT_LENGTH = "unit_length";

  /** Checks the ranges. */
  public FeatureForm {
    if (pooled < 0) {
      throw new IllegalArgumentException("pooled is " + pooled + "; it must be at least 0");
    }
    if (!(power > 0 && power < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("power is " + power + "; it must be over 0");
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
        int side = Integer.parseInt(word.substring(POOLED.length()));
        return new FeatureForm(mirrored, side, power, normalised, unitLength);
      }
      if (word.startsWith(POWER)) {
        float p = Float.parseFloat(word.substring(POWER.length()));
        return new FeatureForm(mirrored, pooled, p, normalised, unitLength);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("its features are " + word + ", which is no number", e);
    }
    return switch (word) {
      case "mirrored" -> new FeatureForm(true, pooled, power, normalised, unitLength);
      case "normalised" -> new FeatureForm(mirrored, pooled, power, true, unitLength);
      case UNIT_LENGTH -> new FeatureForm(mirrored, pooled, power, normalised, true);
      default ->
          throw new IllegalArgumentException(
              "its features are '%s', which this version does not know".formatted(word));
    };
  }

  /** What is done to the features, in words for people. */
  public String describe() {
    List<String> words = new ArrayList<>();
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
    if (unitLength) {
      words.add("unit length");
    }
    return words.isEmpty() ? "as they are" : String.join(", ", words);
  }

  /**
   * Features (b, F) of images (b, side, side, c), made so but neither normalised nor divided by
   * their length, which takes statistics of training images.
   */
  public Tensor features(Network network, Tensor images) {
    Tensor maps = mirrored ? network.symmetricMaps(images) : network.maps(images);
    return of(maps);
  }

  /** Features (b, F) of maps (b, h, w, c). */
  Tensor of(Tensor maps) {
    return raised(flat(pooled == 0 ? maps : means(maps)));
  }

  private static Tensor flat(Tensor x) {
    return x.reshape(x.size(0), x.size() / Math.max(1, x.size(0)));
  }

  /** Means of maps over {@link #pooled} parts along each side, or all pixels if there are fewer. */
  private Tensor means(Tensor maps) {
    int h = Math.min(pooled, maps.size(1));
    int w = Math.min(pooled, maps.size(2));
    Tensor means = maps.backend().empty(maps.size(0), h, w, maps.size(3));
    for (int i = 0; i < h; i++) {
      Tensor band = part(maps, 1, i, h);
      for (int j = 0; j < w; j++) {
        Tensor cell = part(band, 2, j, w);
        float share = 1f / (cell.size(1) * cell.size(2));
        means.slice(1, i, i + 1).slice(2, j, j + 1).assign(cell.sum(1, 2).timesAssign(share));
      }
    }
    return means;
  }

  /** Part i of n of an axis; parts overlap by a pixel where n does not divide the size. */
  private static Tensor part(Tensor x, int axis, int i, int n) {
    int size = x.size(axis);
    return x.slice(axis, i * size / n, ((i + 1) * size + n - 1) / n);
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
    if (pooled == 0) {
      return network.featureCount();
    }
    Backend backend = network.backend();
    try (Scope _ = backend.scope()) {
      Tensor image = backend.empty(1, network.side(), network.side(), Architecture.CHANNELS);
      return flat(means(network.maps(image.fill(0)))).size(1);
    }
  }
}
