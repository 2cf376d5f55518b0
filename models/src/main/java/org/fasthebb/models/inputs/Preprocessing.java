package org.fasthebb.models.inputs;

import java.util.Arrays;
import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * Turns stored images into what a network sees: channels normalised by the statistics of the
 * training images, and whitened if the network wants it.
 */
public final class Preprocessing implements InputSource {
  private final Backend backend;
  private final ChannelStats stats;
  private final Zca zca;

  /** Known statistics and whitening; {@code zca} is null for none. */
  public Preprocessing(Backend backend, ChannelStats stats, Zca zca) {
    this.backend = backend;
    this.stats = stats;
    this.zca = zca;
  }

  /** Scales pixels to 0 .. 1 and changes nothing else. */
  public static Preprocessing raw(Backend backend, int channels) {
    double[] ones = new double[channels];
    Arrays.fill(ones, 1);
    return new Preprocessing(backend, new ChannelStats(new double[channels], ones), null);
  }

  /** Normalises by the statistics of the training images, without whitening. */
  public static Preprocessing fit(Backend backend, Examples training) {
    ChannelStats stats = ChannelStats.of(training.set(), training.indices());
    return new Preprocessing(backend, stats, null);
  }

  /**
   * Normalises by the statistics of the training images, and whitens by their second moments.
   *
   * @param epsilon added to eigenvalues, over 0; see {@link Zca}
   * @param progress receives the number of images summed so far
   */
  public static Preprocessing fitWhitened(
      Backend backend, Examples training, double epsilon, StepProgress progress) {
    Preprocessing normalized = fit(backend, training);
    Zca zca = Zca.fit(DataLoader.once(normalized, training), Zca.FILTER, epsilon, progress);
    return new Preprocessing(backend, normalized.stats, zca);
  }

  @Override
  public Backend backend() {
    return backend;
  }

  /** The statistics of the channels. */
  public ChannelStats stats() {
    return stats;
  }

  /** The whitening, or null if there is none. */
  public Zca zca() {
    return zca;
  }

  /**
   * Prepares images that are given by their values, from 0 to 1; the open scope owns the tensor.
   *
   * @param images (b, h, w, c), row-major
   * @param shape of the images
   */
  public Tensor batch(float[] images, int... shape) {
    float[] values = new float[images.length];
    int channels = stats.channels();
    for (int i = 0; i < values.length; i++) {
      values[i] = stats.normalized(images[i], i % channels);
    }
    Tensor prepared = backend.empty(shape);
    prepare(prepared, normalized -> normalized.write(values));
    return prepared;
  }

  /** Has normalised images written, and whitens them if the network wants it. */
  private void prepare(Tensor out, Consumer<Tensor> normalized) {
    if (zca == null) {
      normalized.accept(out);
    } else {
      Tensor images = backend.empty(out.shape());
      normalized.accept(images);
      zca.whiten(images, out);
    }
  }

  /** Adds nodes that prepare images from 0 to 1 to a graph; returns the name of the last. */
  public String onnx(OnnxGraph graph, OnnxMaps images) {
    int channels = stats.channels();
    float[] mean = new float[channels];
    float[] std = new float[channels];
    for (int c = 0; c < channels; c++) {
      mean[c] = (float) stats.mean(c);
      std[c] = stats.std(c) == 0 ? 1 : (float) stats.std(c);
    }
    String centred = graph.node("Sub", images.name(), graph.constant("mean", mean, channels, 1, 1));
    String normalised = graph.node("Div", centred, graph.constant("std", std, channels, 1, 1));
    return zca == null ? normalised : zca.onnx(graph, images.named(normalised));
  }

  /** The shape (count, h, w, c) of prepared images. */
  @Override
  public int[] shape(ImageSource set, int count) {
    return new int[] {count, set.height(), set.width(), set.channels()};
  }

  @Override
  public boolean isExpensive() {
    return zca != null;
  }

  @Override
  public boolean isSlow(ImageSource set) {
    return set.isSlow();
  }

  /**
   * Host memory for the bytes of {@code count} images.
   *
   * @throws IllegalArgumentException if {@code set} has another number of channels
   */
  @Override
  public HostBatch hostBatch(ImageSource set, int count) {
    stats.requireChannels(set);
    int each = set.imageBytes();
    byte[] bytes = new byte[Math.multiplyExact(count, each)];
    return new HostBatch() {
      @Override
      public void read(int row, int index) {
        set.read(index, bytes, row * each);
      }

      @Override
      public void into(Tensor out) {
        prepare(out, normalized -> normalized.write(bytes, stats.table()));
      }
    };
  }
}
