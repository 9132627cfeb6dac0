// @ts-check
/** The article page's script: registers its elements; each does its own part around what the server drew. */
import "./components/combobox.js";
import "./components/passages.js";
import "./components/dialog_link.js";
import "./article/toolbar.js";
import "./article/desk.js";
