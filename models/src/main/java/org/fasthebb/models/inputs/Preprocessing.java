package org.fasthebb.models.inputs;

import java.util.Arrays;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;

/**
 * Turns stored images into what a network sees: channels normalised by the statistics of the
 * training images, and whitened if the network wants it.
 */
public final class Preprocessing implements InputSource {
  private final Backend backend;
  private final ChannelStats stats;
  private final Zca zca;
  private float[] host = {};

  /** Known statistics and whitening; {@code zca} is null for none. */
  public Preprocessing(Backend backend, ChannelStats stats, Zca zca) {
    this.backend = backend;
    this.stats = stats;
    this.zca = zca;
  }

  /** The statistics of the training images, without whitening. */
  public static Preprocessing fit(Backend backend, Examples training) {
    ChannelStats stats = ChannelStats.of(training.set(), training.indices());
    return new Preprocessing(backend, stats, null);
  }

  /** The statistics and the whitening of the training images. */
  public static Preprocessing fitWhitened(Backend backend, Examples training, double epsilon) {
    Preprocessing normalized = fit(backend, training);
    Zca zca = Zca.fit(backend, normalized.source(training), Zca.FILTER, epsilon);
    return new Preprocessing(backend, normalized.stats, zca);
  }

  /** The examples, prepared like this, for fitting a whitening to them. */
  public Zca.Source source(Examples examples) {
    return new Zca.Source() {
      @Override
      public int size() {
        return examples.size();
      }

      @Override
      public Tensor images(int from, int to) {
        return batch(examples.set(), Arrays.copyOfRange(examples.indices(), from, to));
      }
    };
  }

  @Override
  public Backend backend() {
    return backend;
  }

  /** Statistics of the channels. */
  public ChannelStats stats() {
    return stats;
  }

  /** The whitening, or null. */
  public Zca zca() {
    return zca;
  }

  /** (count, h, w, c). */
  @Override
  public int[] shape(ImageSource set, int count) {
    return new int[] {count, set.height(), set.width(), set.channels()};
  }

  @Override
  public boolean isExpensive() {
    return zca != null;
  }

  /** Images {@code indices} of {@code set} as (b, h, w, c). */
  @Override
  public Tensor batch(ImageSource set, int... indices) {
    Tensor images = backend.empty(shape(set, indices.length));
    int each = set.height() * set.width() * set.channels();
    float[] values = hostValues(images.size());
    backend.parallel(indices.length, i -> stats.normalize(set, indices[i], values, i * each));
    images.write(values);
    return zca == null ? images : zca.whiten(images);
  }

  /** An array of exactly {@code size}; the last one is kept, since batches are alike. */
  private float[] hostValues(int size) {
    if (host.length != size) {
      host = new float[size];
    }
    return host;
  }
}
