package org.fasthebb.tools.verify;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    if (comparison.family() == Family.ZCA210) {
      comparison.attempt("", c -> verify(file, c, "", "fit."));
    } else {
      for (String name : file.prefixes()) {
        comparison.attempt(name + ".", c -> verify(file, c, name + ".", name + "."));
      }
    }
  }

  /**
   * Verifies one case.
   *
   * @param prefix of the names of images
   * @param fit prefix of the names of what is fitted to the images
   */
  private static void verify(GoldenFile file, Comparison comparison, String prefix, String fit)
      throws CheckpointException {
    Backend backend = file.backend();
    Tensor stored = file.images(prefix + "images_u8");
    comparison.check(prefix + "images_u8", stored);
    ImageSet set = imageSet(stored, prefix + "images_u8");
    int filter = Math.toIntExact(file.integer(prefix + "filter_size"));
    if (filter < 1) {
      throw new IllegalArgumentException("filter_size is " + filter + "; it must be at least 1");
    }
    Examples all = Examples.all(set);
    ChannelStats stats = ChannelStats.of(set, all.indices());
    IntStream channels = IntStream.range(0, set.channels());
    comparison.check(prefix + "mean", channels.mapToDouble(stats::mean).toArray());
    channels = IntStream.range(0, set.channels());
    comparison.check(prefix + "std", channels.mapToDouble(stats::std).toArray());

    Preprocessing normalized = new Preprocessing(backend, stats, null);
    Tensor x = normalized.batch(set, all.indices());
    comparison.check(prefix + "x", x);
    comparison.check(prefix + "x_zca_filter", Zca.enlarged(x, filter));
    if (comparison.wants(prefix + "apply.x_white")) {
      Tensor z = drawnMatrix(file, filter * filter * set.channels());
      comparison.check(prefix + "apply.Z", z);
      Tensor ours = z.reshape(set.channels(), filter, filter, set.channels(), filter, filter);
      Tensor matrix = ours.permute(1, 2, 0, 4, 5, 3).contiguous().reshape(z.shape());
      comparison.check(prefix + "apply.x_white", new Zca(filter, matrix).whiten(x));
    }

    if (Stream.of("cov", "eigenvalues", "Z", "x_white").noneMatch(n -> comparison.wants(fit + n))) {
      return; // fitting takes long
    }
    DataLoader images = DataLoader.once(normalized, all);
    Zca zca = Zca.fit(images, filter, Zca.EPSILON, Progress.SILENT);
    double[] covariance = Zca.covariance(images, filter, Progress.SILENT);
    int s = zca.matrix().size(0);
    float[] rounded = new float[s * s];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) covariance[i];
    }
    comparison.check(fit + "cov", byChannel(backend.of(rounded, s, s), filter));
    double[] eigenvalues = Eigenvalues.of(covariance, s, backend::parallel);
    comparison.check(fit + "eigenvalues", eigenvalues);
    if (comparison.wants(fit + "eigenvalues_top")) {
      int most = Math.min(s, file.size(fit + "eigenvalues_top", 0));
      comparison.check(fit + "eigenvalues_top", Arrays.copyOf(eigenvalues, most));
    }
    comparison.check(fit + "Z", byChannel(zca.matrix(), filter));
    comparison.check(fit + "x_white", zca.whiten(x));
  }

  /**
   * A symmetric matrix (s, s) over tiles in the order (c, y, x): the identity and values drawn by
   * the file's seed.
   */
  private static Tensor drawnMatrix(GoldenFile file, int s) throws CheckpointException {
    long stream = file.integer("seed") * 1000 + 903;
    float[] z = new float[s * s];
    for (int row = 0; row < s; row++) {
      for (int column = row; column < s; column++) {
        float value = SeededParameters.value(stream, row * s + column, 1 / Math.sqrt(s), 0);
        z[row * s + column] = row == column ? value + 1 : value;
        z[column * s + row] = z[row * s + column];
      }
    }
    return file.backend().of(z, s, s);
  }

  private static ImageSet imageSet(Tensor images, String name) {
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
