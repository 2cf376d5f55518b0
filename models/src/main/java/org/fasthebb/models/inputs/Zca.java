package org.fasthebb.models.inputs;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractInto;

import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * ZCA whitening as in the authors' code: x' = Z x per tile, Z = (A + epsilon I)^-1/2, from the
 * tiles' second moments A = sum t t^T / (images - 1). No mean is removed.
 *
 * <p>A tile is filter x filter pixels. Images whose side is no multiple of it are resized up to the
 * next one and back, bilinearly. An image of the filter's size is one tile.
 */
public final class Zca {
  /** The filter of the authors' configurations. */
  public static final int FILTER = 32;

  /** The epsilon of the authors' configurations. */
  public static final double EPSILON = 1e-2;

  /**
   * Tiles whose products are summed in float32 before they join the sum in double. More cost less
   * time, but more memory and digits.
   */
  private static final int TILES = 2048;

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

  /**
   * The whitening that fits all images of a loader, at least two.
   *
   * @throws IllegalArgumentException if epsilon is less than rounding errors
   */
  public static Zca fit(DataLoader images, int filter, double epsilon, StepProgress progress) {
    Backend backend = images.backend();
    double[] covariance = covariance(images, filter, progress);
    try {
      return new Zca(filter, SecondMoments.whitening(backend, covariance, epsilon));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          ("the epsilon of whitening is %s, less than rounding errors in the variances of these"
                  + " images; choose a larger one, such as the authors' %s")
              .formatted(epsilon, EPSILON),
          e);
    }
  }

  /** Second moments of the tiles, sum t t^T / (images - 1), as an (S, S) matrix. */
  public static double[] covariance(DataLoader images, int filter, StepProgress progress) {
    Backend backend = images.backend();
    if (images.size() < 2) {
      throw new IllegalArgumentException(
          "whitening needs at least 2 images, but there are " + images.size());
    }
    int[] shape = images.shape(1);
    int tilesPerImage = up(shape[1], filter) / filter * (up(shape[2], filter) / filter);
    SecondMoments moments = new SecondMoments(backend, filter * filter * shape[3]);
    images.forEachBlock(
        Math.max(1, TILES / tilesPerImage),
        (block, from) -> {
          moments.add(tiles(enlarged(block, filter), filter).contiguous());
          progress.step("whitening", 1, 1, from + block.size(0), images.size());
        });
    return moments.times(1.0 / (images.size() - 1));
  }

  /** Whitened images, in the shape of {@code images} (b, h, w, c). */
  public Tensor whiten(Tensor images) {
    Tensor out = images.backend().empty(images.shape());
    whiten(images, out);
    return out;
  }

  /** Writes whitened {@code images} (b, h, w, c) to {@code out}, which is another tensor. */
  public void whiten(Tensor images, Tensor out) {
    Tensor large = enlarged(images, filter);
    boolean resized = large.size() != images.size();
    Tensor whitened = resized ? large.backend().empty(large.shape()) : out;
    contractInto(tiles(whitened, filter), "bs,st->bt", tiles(large, filter), z);
    if (resized) {
      out.assign(resize(whitened, out.size(1), out.size(2)));
    }
  }

  /** Adds nodes that whiten images to a graph; returns the name of the last. */
  String onnx(OnnxGraph graph, OnnxMaps images) {
    OnnxMaps large = resized(graph, images, up(images.h(), filter), up(images.w(), filter));
    int rows = large.h() / filter;
    int columns = large.w() / filter;
    int s = filter * filter * large.c();
    // (b, c, rows filter, columns filter) become (b, rows, columns, filter, filter, c), and back.
    String cut =
        graph.node(
            "Reshape",
            large.name(),
            graph.list("cut", -1, large.c(), rows, filter, columns, filter));
    String moved = graph.node("Transpose", Map.of("perm", new int[] {0, 2, 4, 3, 5, 1}), cut);
    String tiles = graph.node("Reshape", moved, graph.list("tiles", -1, s));
    String whitened = graph.node("MatMul", tiles, graph.constant("zca", z));
    String placed =
        graph.node(
            "Reshape",
            whitened,
            graph.list("placed", -1, rows, columns, filter, filter, large.c()));
    String back = graph.node("Transpose", Map.of("perm", new int[] {0, 5, 1, 3, 2, 4}), placed);
    String whole =
        graph.node("Reshape", back, graph.list("whole", -1, large.c(), large.h(), large.w()));
    return resized(graph, large.named(whole), images.h(), images.w()).name();
  }

  private OnnxMaps resized(OnnxGraph graph, OnnxMaps images, int h, int w) {
    if (images.h() == h && images.w() == w) {
      return images;
    }
    Backend backend = z.backend();
    String rows = graph.constant("rows", bilinear(backend, images.h(), h));
    Tensor transposed = bilinear(backend, images.w(), w).permute(1, 0).contiguous();
    String columns = graph.constant("columns", transposed);
    String wide = graph.node("MatMul", images.name(), columns);
    return new OnnxMaps(graph.node("MatMul", rows, wide), h, w, images.c());
  }

  /** Tiles of images as a matrix (tiles, filter filter c): a view. */
  private static Tensor tiles(Tensor images, int filter) {
    int rows = images.size(1) / filter;
    int columns = images.size(2) / filter;
    int c = images.size(3);
    if (rows == 1 && columns == 1) {
      return images.reshape(images.size(0), filter * filter * c);
    }
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
