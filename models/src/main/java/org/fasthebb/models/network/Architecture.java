package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fasthebb.models.network.Layer.Beside;
import org.fasthebb.models.network.Layer.Centred;
import org.fasthebb.models.network.Layer.GridPooled;
import org.fasthebb.models.network.Layer.MaxPooled;
import org.fasthebb.models.network.Layer.MeanPooled;
import org.fasthebb.models.network.Layer.Neural;
import org.fasthebb.models.network.Layer.Normalised;
import org.fasthebb.models.network.Layer.OverlappingMaxPooled;
import org.fasthebb.models.network.Layer.Raised;
import org.fasthebb.models.network.Layer.Rectified;
import org.fasthebb.models.network.Layer.Reflected;
import org.fasthebb.models.network.Layer.Standardised;
import org.fasthebb.models.network.Layer.TwoSided;
import org.fasthebb.models.network.Layer.WhitenedPatches;

/**
 * The shape of a network: a list of layers. To add an architecture, write one more list here and
 * add it to {@link #ALL}.
 *
 * @param name the name shown to people and stored in settings and model files
 * @param side height and width of the images it was made for; other sizes work if every layer is
 *     left with enough pixels
 * @param readOut name of the Hebbian read-out that is trained on its features during pre-training
 * @param batch images per step in its authors' training
 * @param decay weight decay in its authors' fine-tuning
 * @param layers from the input upwards
 */
public record Architecture(
    String name, int side, String readOut, int batch, float decay, List<Layer> layers) {
  /** Channels of the images. */
  public static final int CHANNELS = 3;

  /** How far to look for larger images that fit. */
  private static final int MOST_PIXELS_MORE = 1000;

  /** All architectures that have a name. */
  public static final List<Architecture> ALL =
      List.of(small(), imagenet(), softHebb(), patches(), softHebbPatches());

  /** An architecture that is trained like the small network on CIFAR-10. */
  public Architecture(String name, int side, String readOut, List<Layer> layers) {
    this(name, side, readOut, 64, 5e-2f, layers);
  }

  /** The architecture of this name, if there is one. */
  public static Optional<Architecture> named(String name) {
    return ALL.stream().filter(known -> known.name.equals(name)).findFirst();
  }

  /** The names of all architectures, separated by commas. */
  public static String names() {
    return ALL.stream().map(Architecture::name).collect(Collectors.joining(", "));
  }

  /** The paper's small network (Fig. 2), up to its last hidden layer. */
  public static Architecture small() {
    return new Architecture(
        "small",
        32,
        "fc6",
        List.of(
            new Neural("conv1", 96, 5),
            new Rectified("relu1"),
            new MaxPooled("pool1", 2),
            new Normalised("bn1", false),
            new Neural("conv2", 128, 3),
            new Rectified("relu2"),
            new Normalised("bn2", false),
            new Neural("conv3", 192, 3),
            new Rectified("relu3"),
            new MaxPooled("pool3", 2),
            new Normalised("bn3", true),
            new Neural("conv4", 256, 3),
            new Rectified("relu4"),
            new Normalised("bn4", true),
            new Neural("fc5", 4096, Layer.WHOLE),
            new Rectified("relu5"),
            new Normalised("bn5", true)));
  }

  /** The paper's network for ImageNet (Fig. 3), up to its last hidden layer. */
  public static Architecture imagenet() {
    return new Architecture(
        "imagenet",
        210,
        "fc10",
        32,
        1e-3f,
        List.of(
            new Neural("conv1", 96, 7),
            new Rectified("relu1"),
            new MaxPooled("pool1", 3),
            new Normalised("bn1", false),
            new Neural("conv2", 128, 3),
            new Rectified("relu2"),
            new Normalised("bn2", false),
            new Neural("conv3", 192, 3),
            new Rectified("relu3"),
            new MaxPooled("pool3", 2),
            new Normalised("bn3", false),
            new Neural("conv4", 192, 3),
            new Rectified("relu4"),
            new Normalised("bn4", false),
            new Neural("conv5", 256, 3),
            new Rectified("relu5"),
            new MaxPooled("pool5", 2),
            new Normalised("bn5", false),
            new Neural("conv6", 256, 3),
            new Rectified("relu6"),
            new Normalised("bn6", false),
            new Neural("conv7", 384, 3),
            new Rectified("relu7"),
            new MaxPooled("pool7", 2),
            new Normalised("bn7", true),
            new Neural("conv8", 512, 3),
            new Rectified("relu8"),
            new Normalised("bn8", true),
            new Neural("fc9", 4096, Layer.WHOLE),
            new Rectified("relu9"),
            new Normalised("bn9", true)));
  }

  /**
   * SoftHebb's network for CIFAR-10 (Journé et al. 2023), as in its authors' demonstration. Powers
   * are taken after max-pooling, which gives the same values with fewer operations.
   */
  public static Architecture softHebb() {
    return new Architecture(
        "softhebb",
        32,
        "fc4",
        List.of(
            new Standardised("bn1"),
            new Reflected("pad1", 2),
            new Neural("conv1", 96, 5, 1, 0.08f),
            new Centred("relu1"),
            new OverlappingMaxPooled("pool1"),
            new Raised("power1", 0.7f),
            new Standardised("bn2"),
            new Reflected("pad2", 1),
            new Neural("conv2", 384, 3, 0.65f, 0.005f),
            new Centred("relu2"),
            new OverlappingMaxPooled("pool2"),
            new Raised("power2", 1.4f),
            new Standardised("bn3"),
            new Reflected("pad3", 1),
            new Neural("conv3", 1536, 3, 0.25f, 0.01f),
            new Centred("relu3"),
            new MeanPooled("pool3")));
  }

  /**
   * A single layer of neurons that see whitened 6x6 patches, encoded and pooled as by Coates and Ng
   * (2011, "The Importance of Encoding Versus Training with Sparse Coding and Vector
   * Quantization"). It is meant for pixels as they are, and for a rule with winners, such as {@link
   * org.fasthebb.hebb.HardWta}.
   */
  public static Architecture patches() {
    List<Layer> layers = new ArrayList<>(words(800));
    layers.add(new GridPooled("pool1", 2));
    return new Architecture("patches", 32, "fc2", layers);
  }

  /**
   * {@link #softHebb} beside a layer like that of {@link #patches}, which has three times as many
   * neurons here: with all labels of CIFAR-10 they are worth 0.7 points.
   */
  public static Architecture softHebbPatches() {
    Layer join = new Beside("join", 4, List.of(softHebb().layers(), words(2400)));
    return new Architecture("softhebb-patches", 32, "fc4", List.of(join));
  }

  private static List<Layer> words(int neurons) {
    return List.of(
        new WhitenedPatches("whitening1", 6),
        new Neural("words1", neurons, 1, Float.POSITIVE_INFINITY, 0.1f),
        new TwoSided("sides1", 0.5f));
  }

  /**
   * The names of the last layer of each block, which is a layer of neurons with all that follows
   * it, but for what prepares the input of the next layer of neurons. The last block of a branch
   * ends where the branches join.
   */
  public List<String> blockEnds() {
    return blockEnds(layers);
  }

  private static List<String> blockEnds(List<Layer> some) {
    List<String> ends = new ArrayList<>();
    boolean prepares = true;
    for (Layer layer : some.reversed()) {
      boolean preparation =
          layer instanceof Standardised
              || layer instanceof Reflected
              || layer instanceof WhitenedPatches;
      if (prepares && !preparation) {
        ends.addFirst(layer.name());
        prepares = false;
      }
      if (layer instanceof Beside beside) {
        for (List<Layer> branch : beside.branches().reversed()) {
          List<String> ofBranch = blockEnds(branch);
          ends.addAll(0, ofBranch.subList(0, ofBranch.size() - 1));
        }
      }
      prepares |= layer instanceof Neural;
    }
    return ends;
  }

  /**
   * Refuses images that do not fit this architecture: they must be square and in colour, leave
   * every layer enough pixels, and leave every pooling whole windows, so that no pixel is ignored.
   *
   * @param data name of the data set, for the message
   */
  public void check(String data, int height, int width, int channels) {
    if (height != width || channels != CHANNELS) {
      throw new IllegalArgumentException(
          "the network %s wants square images of %s channels, but %s has %sx%sx%s"
              .formatted(name, CHANNELS, data, height, width, channels));
    }
    for (LayerInput input : inputs(height)) { // which refuses images that are too small
      Layer layer = input.layer();
      int size = input.size();
      if (size % window(layer) != 0) {
        throw new IllegalArgumentException(
            ("images of %sx%s pixels do not fit the network %s: %s cuts %sx%s into windows of"
                    + " %sx%s and would ignore the rest; the nearest that fit have %s")
                .formatted(
                    height,
                    height,
                    name,
                    layer.name(),
                    size,
                    size,
                    window(layer),
                    window(layer),
                    nearest(height)));
      }
    }
  }

  /** The number F of features of an image whose sides are {@code images} pixels. */
  public int featureCount(int images) {
    int size = images;
    for (Layer layer : layers) {
      size = sizeAfter(layer, size, images);
    }
    return size * size * channelsAfter(layers, CHANNELS);
  }

  /**
   * What a layer sees.
   *
   * @param size pixels along a side of its input
   * @param channels of its input
   */
  public record LayerInput(Layer layer, int size, int channels) {
    /** Height and width of the patches that neurons see. */
    public int kernel(Neural neural) {
      return neural.kernel() == Layer.WHOLE ? size : neural.kernel();
    }
  }

  /** All layers with what they see of images of {@code images} pixels a side, also in branches. */
  public List<LayerInput> inputs(int images) {
    List<LayerInput> inputs = new ArrayList<>();
    collectInputs(layers, images, CHANNELS, images, inputs);
    return inputs;
  }

  private void collectInputs(
      List<Layer> some, int from, int c, int images, List<LayerInput> inputs) {
    int size = from;
    int channels = c;
    for (Layer layer : some) {
      if (layer instanceof Beside beside) {
        for (List<Layer> branch : beside.branches()) {
          collectInputs(branch, size, channels, images, inputs);
        }
      }
      inputs.add(new LayerInput(layer, size, channels));
      size = sizeAfter(layer, size, images);
      channels = channelsAfter(layer, channels);
    }
  }

  /**
   * Pixels along a side of a layer's output, for an input of {@code size} pixels a side.
   *
   * @param images pixels along a side of the images, for the message
   */
  public int sizeAfter(Layer layer, int size, int images) {
    if (layer instanceof Beside beside) {
      for (List<Layer> branch : beside.branches()) {
        int end = size;
        for (Layer each : branch) {
          end = sizeAfter(each, end, images);
        }
        sizeAfter(new GridPooled(layer.name(), beside.k()), end, images);
      }
      return beside.k();
    }
    int least = least(layer);
    if (size < least) {
      throw new IllegalArgumentException(
          ("images of %sx%s pixels are too small for the network %s: %s is left with %sx%s and"
                  + " needs %sx%s; the smallest that fit have %s")
              .formatted(
                  images, images, name, layer.name(), size, size, least, least, nearest(images)));
    }
    return sizeAfter(layer, size);
  }

  /** Channels of a layer's output, for an input of {@code channels} channels. */
  static int channelsAfter(Layer layer, int channels) {
    return switch (layer) {
      case Neural neural -> neural.neurons();
      case TwoSided _ -> 2 * channels;
      case WhitenedPatches patches -> patches.k() * patches.k() * channels;
      case Beside beside ->
          beside.branches().stream().mapToInt(branch -> channelsAfter(branch, channels)).sum();
      default -> channels;
    };
  }

  private static int channelsAfter(List<Layer> some, int channels) {
    int after = channels;
    for (Layer layer : some) {
      after = channelsAfter(layer, after);
    }
    return after;
  }

  private static int sizeAfter(Layer layer, int size) {
    return switch (layer) {
      case Neural neural -> neural.kernel() == Layer.WHOLE ? 1 : size - neural.kernel() + 1;
      case WhitenedPatches patches -> size - patches.k() + 1;
      case Beside beside -> beside.k();
      case MaxPooled pooled -> size / pooled.k();
      case Reflected frame -> size + 2 * frame.width();
      case OverlappingMaxPooled _, MeanPooled _ -> size / 2;
      case GridPooled grid -> grid.k();
      default -> size;
    };
  }

  /** The fewest pixels along a side that a layer can take. */
  private static int least(Layer layer) {
    return switch (layer) {
      case Neural neural -> Math.max(1, neural.kernel());
      case WhitenedPatches patches -> patches.k();
      case Reflected frame -> frame.width() + 1;
      case OverlappingMaxPooled _ -> 2;
      case GridPooled grid -> grid.k();
      default -> window(layer);
    };
  }

  /** Pixels along a side of the windows that a layer cuts its input into; 1 if it does not. */
  private static int window(Layer layer) {
    return switch (layer) {
      case MaxPooled pooled -> pooled.k();
      case MeanPooled _ -> 2;
      default -> 1;
    };
  }

  /** Whether images of {@code images} pixels a side suit every layer; see {@link #check}. */
  public boolean fits(int images) {
    return fits(layers, images, 1);
  }

  /** Whether maps suit layers, and leave at least {@code least} pixels a side. */
  private static boolean fits(List<Layer> some, int from, int least) {
    int size = from;
    for (Layer layer : some) {
      if (size < least(layer) || size % window(layer) != 0) {
        return false;
      }
      if (layer instanceof Beside beside) {
        for (List<Layer> branch : beside.branches()) {
          if (!fits(branch, size, beside.k())) {
            return false;
          }
        }
      }
      size = sizeAfter(layer, size);
    }
    return size >= least;
  }

  /** The sizes next to {@code images}, below and above it, that fit. */
  private String nearest(int images) {
    IntStream below = IntStream.iterate(images, i -> i > 0, i -> i - 1);
    IntStream above = IntStream.range(images, images + MOST_PIXELS_MORE);
    return Stream.of(below, above)
        .flatMap(sizes -> sizes.filter(this::fits).limit(1).boxed())
        .map(size -> size + "x" + size)
        .collect(Collectors.joining(" and "));
  }
}
