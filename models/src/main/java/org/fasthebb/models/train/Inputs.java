package org.fasthebb.models.train;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ChannelStats;
import org.fasthebb.models.data.ImageSet;

/**
 * Turns stored images into what a network sees: channels normalised by the statistics of the
 * training images, and whitened if the network wants it.
 */
public final class Inputs {
  private final Backend backend;
  private final ChannelStats stats;
  private final Zca zca;

  /** Known statistics and whitening; {@code zca} is null for none. */
  public Inputs(Backend backend, ChannelStats stats, Zca zca) {
    this.backend = backend;
    this.stats = stats;
    this.zca = zca;
  }

  /** The statistics of the training images, without whitening. */
  public static Inputs fit(Backend backend, Examples training) {
    ChannelStats stats = ChannelStats.of(training.set(), training.indices());
    return new Inputs(backend, stats, null);
  }

  /** The statistics and the whitening of the training images. */
  public static Inputs fitWhitened(Backend backend, Examples training, double epsilon) {
    Inputs normalized = fit(backend, training);
    Zca.Source source =
        new Zca.Source() {
          @Override
          public int size() {
            return training.size();
          }

          @Override
          public Tensor images(int from, int to) {
            return normalized.batch(training, from, to);
          }
        };
    return new Inputs(backend, normalized.stats, Zca.fit(backend, source, Zca.FILTER, epsilon));
  }

  /** Where batches are made. */
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

  /** Images from .. to-1 of {@code examples} as (to-from, h, w, c). */
  public Tensor batch(Examples examples, int from, int to) {
    ImageSet set = examples.set();
    int[] indices = examples.indices();
    Tensor images = backend.empty(to - from, set.height(), set.width(), set.channels());
    float[] values = images.storage().array();
    int base = images.layout().offset();
    int each = set.height() * set.width() * set.channels();
    backend.parallel(
        to - from, i -> stats.normalize(set, indices[from + i], values, base + i * each));
    return zca == null ? images : zca.whiten(images);
  }
}
