// @ts-check
/** Shows the OpenAPI document in Swagger UI; requests tried there go with the session and its CSRF token. */

const main = /** @type {HTMLElement} */ (document.getElementById('swagger-ui'));

/** @type {any} */ (window).SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: main.dataset.schema,
  deepLinking: true,
  docExpansion: 'list',
  validatorUrl: null,
  /** @param {any} request */
  requestInterceptor: (request) => {
    request.headers['X-CSRFToken'] = main.dataset.csrf;
    return request;
  },
});
