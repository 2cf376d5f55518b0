package org.fasthebb.models.use;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.readout.FeatureForm;

/**
 * A trained model that is ready to use.
 *
 * <pre>{@code
 * try (Model model = Model.load(Path.of("runs/mine/model.safetensors"))) {
 *   Classification photo = model.classify(Path.of("photo.jpg"));
 *   IO.println(photo.name() + " " + photo.score());
 *   float[] features = model.features(Path.of("photo.jpg"));
 * }
 * }</pre>
 *
 * <p>An image may be a file, a {@link BufferedImage}, or an array with the values (side, side, 3)
 * of its pixels: row by row from the top, red, green and blue of a pixel side by side, each from 0
 * to 1. Files and BufferedImages may have any size: the shorter side is resized to {@link #side},
 * and the centre is cropped. Photos are turned upright as their cameras noted. Whatever else the
 * network needs (normalisation, whitening) is in the model's file and is done here.
 *
 * <p>Several threads may call one model. Their calls wait for each other, and each uses all threads
 * of the backend, so more threads give no more images per second. One call for many images does:
 * {@link Photos} makes a source of files.
 *
 * <p>A model that cannot be loaded is a checked {@link CheckpointException}; an image that cannot
 * be read is an unchecked {@link org.fasthebb.models.data.DataException}. Loading and arrays need
 * no class of the module java.desktop.
 */
public final class Model implements AutoCloseable {
  private final ModelFile file;
  private final Path path;
  private final String checksum;
  private final boolean givesProbabilities;
  private final Backend backend;
  private final boolean closesBackend;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;

  private Model(Path path, Backend backend, boolean closesBackend) throws CheckpointException {
    this.path = path;
    this.backend = backend;
    this.closesBackend = closesBackend;
    file = ModelFile.read(backend, path);
    givesProbabilities = file.givesProbabilities();
    checksum = SafeTensors.metadata(path).getOrDefault("sha256", "");
  }

  /**
   * Loads a model to compute on all processors.
   *
   * @param path a model.safetensors, or a pretrained.safetensors, which has features but cannot
   *     classify
   * @throws CheckpointException in one sentence, if it cannot be read or is damaged
   */
  public static Model load(Path path) throws CheckpointException {
    Backend cpu = Backend.cpu();
    Model model = null;
    try {
      model = new Model(path, cpu, true);
      return model;
    } finally {
      if (model == null) {
        cpu.close();
      }
    }
  }

  /**
   * Loads a model to compute on a backend, which stays open when the model is closed. Until then no
   * other thread may use the backend while a method of the model runs.
   *
   * @throws CheckpointException in one sentence, if the file cannot be read or is damaged
   */
  public static Model load(Backend backend, Path path) throws CheckpointException {
    return new Model(path, backend, false);
  }

  /**
   * The network, the preparation of its images and the classifier, for programs that go on from
   * them. No other thread may call the model while these are used.
   */
  public ModelFile file() {
    return file;
  }

  /** The file that it was loaded from. */
  Path path() {
    return path;
  }

  /** Height and width of the images that the network sees. */
  public int side() {
    return file.network().side();
  }

  /** The number of features of an image. */
  public int featureCount() {
    return file.network().featureCount();
  }

  /**
   * The layers whose outputs can serve as features, from the input upwards: conv1, pool1 and so on,
   * also those of branches. The last one's are those of {@link #features(Path)}.
   */
  public List<String> layers() {
    return file.network().stageNames();
  }

  /** The checksum of the model's content, in hex, which tells it from others. */
  public String checksum() {
    return checksum;
  }

  /** The names of the classes, in the order of labels. */
  public List<String> classNames() {
    return file.classNames();
  }

  /**
   * Checks that the model can tell classes.
   *
   * @throws IllegalStateException if it was pre-trained only
   */
  public void requireClassifier() {
    if (file.readOut().isEmpty()) {
      throw new IllegalStateException(
          path
              + " was pre-trained without labels and knows no classes yet; the command finetune"
              + " teaches it some, and writes a model.safetensors, which can be used here");
    }
  }

  // ---- one image

  /**
   * Tells the class of an image file.
   *
   * @throws org.fasthebb.models.data.DataException in one sentence, if the file cannot be read
   * @throws IllegalStateException in one sentence, if the model was pre-trained only
   */
  public Classification classify(Path image) {
    return classifyOne(() -> prepared(image));
  }

  /**
   * Tells the class of an image in memory.
   *
   * @throws IllegalStateException in one sentence, if the model was pre-trained only
   */
  public Classification classify(BufferedImage image) {
    return classifyOne(() -> prepared(image));
  }

  /**
   * Tells the class of an image given by its pixels.
   *
   * @param image (side, side, 3), each value from 0 to 1
   * @throws IllegalArgumentException if there are more or fewer values
   * @throws IllegalStateException in one sentence, if the model was pre-trained only
   */
  public Classification classify(float[] image) {
    return classifyOne(() -> prepared(image));
  }

  /**
   * The features of an image file: the flattened output of the network's last stage, {@link
   * #featureCount} values.
   *
   * @throws org.fasthebb.models.data.DataException in one sentence, if the file cannot be read
   */
  public float[] features(Path image) {
    return featuresOfOne(() -> prepared(image));
  }

  /** The features of an image in memory. */
  public float[] features(BufferedImage image) {
    return featuresOfOne(() -> prepared(image));
  }

  /**
   * The features of an image given by its pixels.
   *
   * @param image (side, side, 3), each value from 0 to 1
   * @throws IllegalArgumentException if there are more or fewer values
   */
  public float[] features(float[] image) {
    return featuresOfOne(() -> prepared(image));
  }

  private Classification classifyOne(Supplier<Tensor> image) {
    requireClassifier();
    return inScope(() -> classification(file.scores(image.get()).toArray(), 0));
  }

  private float[] featuresOfOne(Supplier<Tensor> image) {
    return inScope(() -> file.network().features(image.get()).toArray());
  }

  private Tensor prepared(Path image) {
    Photos one = new Photos(List.of(image), side(), Orientation.UPRIGHT);
    Tensor prepared = file.inputs().batch(one, 0);
    if (one.failure(0) != null) {
      throw one.failure(0);
    }
    return prepared;
  }

  private Tensor prepared(BufferedImage image) {
    return prepared(ImageDecoder.square(image, side()));
  }

  private Tensor prepared(byte[] square) {
    List<String> one = List.of("image");
    ImageSet set = new ImageSet(side(), side(), Architecture.CHANNELS, one, square, new int[1]);
    return file.inputs().batch(set, 0);
  }

  private Tensor prepared(float[] image) {
    int expected = side() * side() * Architecture.CHANNELS;
    if (image.length != expected) {
      throw new IllegalArgumentException(
          "the image has %s values, but the model needs %s: %s x %s pixels with red, green and blue"
              .formatted(image.length, expected, side(), side()));
    }
    return file.inputs().batch(image, 1, side(), side(), Architecture.CHANNELS);
  }

  // ---- many images

  /** Receives what the model says of images, in their order. */
  @FunctionalInterface
  public interface Answers {
    /** Called for image {@code index}. */
    void take(int index, Classification what);
  }

  /**
   * Tells the classes of many images, batch by batch; other threads read the next ones meanwhile.
   *
   * @param images of the model's side, such as {@link Photos}, in which an image that cannot be
   *     read is black: see {@link Photos#failure}
   * @throws IllegalStateException in one sentence, if the model was pre-trained only
   */
  public void classify(ImageSource images, Answers answers) {
    requireClassifier();
    int classes = classNames().size();
    forEachBlock(
        images,
        (block, from) -> {
          float[] scores = file.scores(block).toArray();
          for (int i = 0; i < scores.length / classes; i++) {
            answers.take(from + i, classification(scores, i * classes));
          }
        });
  }

  /** The same as the method with a layer, of the last one. */
  public void features(ImageSource images, FeatureForm form, DataLoader.Block block) {
    features(images, layers().getLast(), form, block);
  }

  /**
   * Computes the features of many images, batch by batch; other threads read the next ones
   * meanwhile.
   *
   * @param images of the model's side
   * @param layer one of {@link #layers}
   * @param form how features are made of the maps of that layer; {@link FeatureForm#PLAIN} gives,
   *     for the last layer, those of {@link #features(Path)}
   * @param block receives features (b, F) of images, which it may use until it returns
   */
  public void features(ImageSource images, String layer, FeatureForm form, DataLoader.Block block) {
    Network network = file.network();
    boolean isLast = isLast(layer);
    forEachBlock(
        images,
        (some, from) ->
            block.take(
                isLast
                    ? form.features(network, some)
                    : form.features(network, List.of(layer), some),
                from));
  }

  /**
   * The number of features that an image has of a layer.
   *
   * @param layer one of {@link #layers}
   */
  public int featureCount(String layer, FeatureForm form) {
    Network network = file.network();
    return inScope(() -> isLast(layer) ? form.width(network) : form.width(network, List.of(layer)));
  }

  /** Whether a layer is the last one, for which more of the work is done block by block. */
  private boolean isLast(String layer) {
    if (!layers().contains(layer)) {
      throw new IllegalArgumentException(
          "the network has no layer " + layer + "; it has " + String.join(", ", layers()));
    }
    return layer.equals(layers().getLast());
  }

  private void forEachBlock(ImageSource images, DataLoader.Block block) {
    lock.lock();
    try {
      requireOpen();
      DataLoader.once(file.inputs(), Examples.all(images)).forEachBlock(block);
    } finally {
      lock.unlock();
    }
  }

  /** Does something with the backend, alone and in a scope. */
  <T> T inScope(Supplier<T> work) {
    lock.lock();
    try {
      requireOpen();
      try (Scope _ = backend.scope()) {
        return work.get();
      }
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the model of " + path + " is closed; load it again");
    }
  }

  private Classification classification(float[] scores, int at) {
    return Classification.of(classNames(), scores, at, givesProbabilities);
  }

  /** Frees the memory of the model. Calls that run are waited for; later ones fail. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closesBackend && !closed) {
        backend.close();
      }
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
