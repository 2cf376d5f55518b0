package org.fasthebb.models.retrieval;

import java.util.Locale;

/**
 * The distance that a search ranks by. The search itself uses a <em>similarity</em>, which is
 * larger the nearer an image is, and is computed from the scalar product q.d of the features of
 * query and image.
 */
public enum Distance {
  /**
   * 1 - cos, with cos = q.d / (|q| |d|) as the similarity, for norms of any size. A vector of zeros
   * has no direction: its similarity to everything, itself included, is 0.
   */
  COSINE {
    @Override
    float ofImage(float squares) {
      return inverseNorm(squares);
    }

    @Override
    float ofQuery(float squares) {
      return inverseNorm(squares);
    }

    @Override
    void similarities(float[] products, int from, float[] images, float query) {
      for (int i = 0; i < images.length; i++) {
        products[from + i] *= images[i] * query;
      }
    }

    @Override
    float distance(float similarity, float query) {
      return 1 - similarity;
    }
  },

  /**
   * |q - d|, by the expansion |q - d|^2 = |q|^2 - 2 (q.d - |d|^2 / 2). The term in brackets is the
   * similarity: |q|^2 is the same for all images of the database, and leaving it out avoids its
   * rounding error. Squared distances are exact to about 1e-7 of |q|^2 + |d|^2, not of themselves:
   * images whose distance is below a thousandth of their norms may come in any order, and the
   * distance of an image to its copy may come out that large. A square that rounding made negative
   * counts as 0. Squares are float32, so distances below 1e-19 count as 0 too, and features above
   * 1e19 are refused.
   */
  EUCLIDEAN {
    @Override
    float ofImage(float squares) {
      return squares / 2;
    }

    @Override
    float ofQuery(float squares) {
      return squares;
    }

    @Override
    void similarities(float[] products, int from, float[] images, float query) {
      for (int i = 0; i < images.length; i++) {
        products[from + i] -= images[i];
      }
    }

    @Override
    float distance(float similarity, float query) {
      return (float) Math.sqrt(Math.max(0, query - 2.0 * similarity));
    }
  };

  /** The number that similarities need for an image of the database, from its |d|^2. */
  abstract float ofImage(float squares);

  /** The number that similarities and distances need for a query, from its |q|^2. */
  abstract float ofQuery(float squares);

  /**
   * Turns products into similarities, in place.
   *
   * @param products of a query with all images, from place {@code from} on
   * @param images the results of {@link #ofImage}
   * @param query the result of {@link #ofQuery}
   */
  abstract void similarities(float[] products, int from, float[] images, float query);

  /** The distance that a similarity stands for. */
  abstract float distance(float similarity, float query);

  private static float inverseNorm(float squares) {
    return squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
  }

  /** The name on the command line, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
