package org.fasthebb.models.train;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.math.SymmetricEigen;

/**
 * ZCA whitening as in the authors' code: x' = Z x per tile, Z = U (L + epsilon)^-1/2 U^T, from the
 * eigenvectors U and eigenvalues L of the tiles' second moments sum t t^T / (images - 1). No mean
 * is removed.
 *
 * <p>A tile is filter x filter pixels. Images whose side is no multiple of it are resized up to the
 * next one and back, bilinearly. An image of the filter's size is one tile.
 */
public final class Zca {
  /** The filter of the authors' configurations. */
  public static final int FILTER = 32;

  /** The epsilon of the authors' configurations. */
  public static final double EPSILON = 1e-2;

  private final int filter;
  private final Tensor z;

  /**
   * A known whitening.
   *
   * @param z (S, S), S = filter filter c, tiles in the order (y, x, c)
   */
  public Zca(int filter, Tensor z) {
    this.filter = filter;
    this.z = z;
  }

  /** The whitening matrix (S, S). */
  public Tensor matrix() {
    return z;
  }

  /** Gives images block by block, to whoever walks over a data set. */
  public interface Source {
    /** Number of images. */
    int size();

    /** Images from .. to-1 as (to-from, h, w, c), valid until the open scope closes. */
    Tensor images(int from, int to);
  }

  /** The whitening that fits the given images, at least two. */
  public static Zca fit(Backend backend, Source source, int filter, double epsilon) {
    double[] covariance = covariance(backend, source, filter);
    int s = (int) Math.sqrt(covariance.length);
    float[] z =
        SymmetricEigen.of(covariance, s, backend::parallel)
            .functionAsFloat(value -> 1 / Math.sqrt(value + epsilon), backend::parallel);
    return new Zca(filter, backend.of(z, s, s));
  }

  /** Second moments of the tiles, sum t t^T / (images - 1), as an (S, S) matrix. */
  public static double[] covariance(Backend backend, Source source, int filter) {
    if (source.size() < 2) {
      throw new IllegalArgumentException(
          "whitening needs at least 2 images, but there are " + source.size());
    }
    double[] moments = new double[0];
    float[] block = new float[0];
    int s = 0;
    int step = 512;
    for (int from = 0; from < source.size(); from += step) {
      try (Scope _ = backend.scope()) {
        Tensor images = source.images(from, Math.min(source.size(), from + step));
        Tensor tiles = tiles(enlarged(images, filter), filter);
        s = tiles.size(1);
        if (from == 0) {
          moments = new double[s * s];
          block = new float[s * s];
        }
        contract("bs,bt->st", tiles, tiles).read(block);
        add(backend, block, s, moments);
      }
    }
    double[] covariance = moments;
    int n = s;
    double perImage = 1.0 / (source.size() - 1);
    backend.parallel(
        n,
        row -> {
          for (int i = row * n; i < (row + 1) * n; i++) {
            covariance[i] *= perImage;
          }
        });
    return covariance;
  }

  private static void add(Backend backend, float[] block, int n, double[] sum) {
    backend.parallel(
        n,
        row -> {
          for (int i = row * n; i < (row + 1) * n; i++) {
            sum[i] += block[i];
          }
        });
  }

  /** Whitened images, in the shape of {@code images} (b, h, w, c). */
  public Tensor whiten(Tensor images) {
    Tensor large = enlarged(images, filter);
    Tensor out = large.backend().empty(large.shape());
    contractInto(tiles(out, filter), "bs,st->bt", tiles(large, filter), z);
    return resize(out, images.size(1), images.size(2));
  }

  /** Tiles of images as a matrix (tiles, filter filter c): a view. */
  private static Tensor tiles(Tensor images, int filter) {
    int rows = images.size(1) / filter;
    int columns = images.size(2) / filter;
    int c = images.size(3);
    Tensor cut = images.reshape(images.size(0), rows, filter, columns, filter, c);
    return cut.permute(0, 1, 3, 2, 4, 5).flatten(3, 5).flatten(0, 2);
  }

  /** Images resized so that their sides are multiples of the filter. */
  public static Tensor enlarged(Tensor images, int filter) {
    return resize(images, up(images.size(1), filter), up(images.size(2), filter));
  }

  private static int up(int size, int filter) {
    return (size + filter - 1) / filter * filter;
  }

  private static Tensor resize(Tensor images, int h, int w) {
    if (images.size(1) == h && images.size(2) == w) {
      return images.contiguous();
    }
    Backend backend = images.backend();
    Tensor rows = bilinear(backend, images.size(1), h);
    Tensor columns = bilinear(backend, images.size(2), w);
    return contract("bywc,xw->byxc", contract("bhwc,yh->bywc", images, rows), columns);
  }

  /** The matrix (to, from) of bilinear resampling: half-pixel centres, edges clamped. */
  private static Tensor bilinear(Backend backend, int from, int to) {
    float[] weights = new float[to * from];
    for (int i = 0; i < to; i++) {
      double at = Math.clamp((i + 0.5) * from / to - 0.5, 0, from - 1);
      int low = (int) at;
      int high = Math.min(low + 1, from - 1);
      weights[i * from + low] += (float) (1 - (at - low));
      weights[i * from + high] += (float) (at - low);
    }
    Tensor matrix = backend.empty(to, from);
    matrix.write(weights);
    return matrix;
  }
}
