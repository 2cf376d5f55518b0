package org.fasthebb.tools.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.testing.FuzzTest;

/** Axes of searches, and their values as words. */
class SearchAxisFuzzTest extends FuzzTest {
  @Override
  protected List<byte[]> seeds() {
    return Stream.of("rate=1e-4,1e-3", "winners=1,2,16", "decay=0,0.01", "batch=64", "dropout=0.5")
        .map(text -> text.getBytes(UTF_8))
        .toList();
  }

  @Override
  protected void parse(byte[] input) {
    Space space = new Space(List.of(SearchAxis.parse(new String(input, UTF_8))));
    for (int i = 0; i < space.sizes().getFirst(); i++) {
      Space.words(space.at(List.of(i)), " ", _ -> true);
    }
  }

  @Override
  protected boolean isRefusal(Exception e) {
    return e.getClass() == IllegalArgumentException.class;
  }
}
