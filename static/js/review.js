// @ts-check
/** The review page's script: registers its elements. */
import "./components/combobox.js";
import "./article/toolbar.js";
import "./review/desk.js";
