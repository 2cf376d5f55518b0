package org.fasthebb.tools.verify;

import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.linalg.Eigenvalues;

/** Normalisation of channels and ZCA whitening, from bytes to whitened images. */
final class ZcaCases {
  private ZcaCases() {}

  static void verify(GoldenFile file, Comparison comparison) {
    for (String name : file.prefixes()) {
      comparison.attempt(name + ".", c -> verify(file, c, name));
    }
  }

  private static void verify(GoldenFile file, Comparison comparison, String name)
      throws CheckpointException {
    Backend backend = file.backend();
    ImageSet set = images(file, name + ".images_u8");
    int filter = Math.toIntExact(file.integer(name + ".filter_size"));
    if (filter < 1) {
      throw new IllegalArgumentException("filter_size is " + filter + "; it must be at least 1");
    }
    Examples all = Examples.all(set);
    ChannelStats stats = ChannelStats.of(set, all.indices());
    IntStream channels = IntStream.range(0, set.channels());
    comparison.check(name + ".mean", channels.mapToDouble(stats::mean).toArray());
    channels = IntStream.range(0, set.channels());
    comparison.check(name + ".std", channels.mapToDouble(stats::std).toArray());

    Preprocessing normalized = new Preprocessing(backend, stats, null);
    Tensor x = normalized.batch(set, all.indices());
    comparison.check(name + ".x", x);
    comparison.check(name + ".x_zca_filter", Zca.enlarged(x, filter));

    DataLoader images = DataLoader.once(normalized, all);
    Zca zca = Zca.fit(images, filter, Zca.EPSILON, Progress.SILENT);
    double[] covariance = Zca.covariance(images, filter, Progress.SILENT);
    int s = zca.matrix().size(0);
    float[] rounded = new float[s * s];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) covariance[i];
    }
    comparison.check(name + ".cov", byChannel(backend.of(rounded, s, s), filter));
    comparison.check(name + ".eigenvalues", Eigenvalues.of(covariance, s, backend::parallel));
    comparison.check(name + ".Z", byChannel(zca.matrix(), filter));
    comparison.check(name + ".x_white", zca.whiten(x));
  }

  private static ImageSet images(GoldenFile file, String name) throws CheckpointException {
    Tensor images = file.images(name);
    float[] values = images.toArray();
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < pixels.length; i++) {
      if (!(values[i] >= 0 && values[i] <= 255)) {
        throw new IllegalArgumentException("tensor '" + name + "' has values outside 0..255");
      }
      pixels[i] = (byte) (int) values[i];
    }
    int[] labels = new int[images.size(0)];
    return new ImageSet(
        images.size(1), images.size(2), images.size(3), List.of("any"), pixels, labels);
  }

  /** Converts a matrix over tiles in the order (y, x, c) to one in the order (c, y, x). */
  private static Tensor byChannel(Tensor matrix, int f) {
    int c = matrix.size(0) / (f * f);
    return matrix.reshape(f, f, c, f, f, c).permute(2, 0, 1, 5, 3, 4);
  }
}
